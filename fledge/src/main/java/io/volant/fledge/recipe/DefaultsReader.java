package io.volant.fledge.recipe;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.volant.manifest.ManifestProblem;
import io.volant.manifest.ManifestReader;
import io.volant.manifest.ManifestResult;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Reads {@code manifest.toml}, the runtime defaults beside a recipe. It has the fields of a
 * manifest in TOML; its schema tells the differences. The manifest's own rules are applied here
 * already, so that a mistake shows before anything is built, with its line and column.
 */
public final class DefaultsReader {
  private static final Pattern STEP = Pattern.compile("[.\\[\\]\"]+");

  private DefaultsReader() {}

  /**
   * Reads the file.
   *
   * @param folderName the name of the recipe's folder, which names a plugin that has no name
   */
  public static DefaultsResult read(Path file, String folderName) {
    return result(TomlSource.of(file), folderName);
  }

  /** Reads a document from memory; an empty one stands for a file that is not there. */
  public static DefaultsResult read(String name, byte[] document, String folderName) {
    return result(TomlSource.of(name, document), folderName);
  }

  private static DefaultsResult result(TomlSource source, String folderName) {
    if (source.isWrong()) {
      return new DefaultsResult.Refused(source.mistakes());
    }
    ObjectNode document = TomlJson.of(source.table());
    SchemaMistakes.find(RecipeSchema.DEFAULTS, source, document);
    if (source.isWrong()) {
      return new DefaultsResult.Refused(source.mistakes());
    }
    ManifestShape.complete(document, folderName);
    return switch (new ManifestReader().read(ManifestShape.withStandIns(document))) {
      case ManifestResult.Invalid(var problems) -> {
        problems.forEach(problem -> source.mistake(place(problem, source), problem.toString()));
        yield new DefaultsResult.Refused(source.mistakes());
      }
      case ManifestResult.Valid _ -> new DefaultsResult.Good(new Defaults(source.name(), document));
    };
  }

  // resources.cpu_cores is at [resources] cpu_cores; the variables have a table of their own in
  // TOML.
  private static List<String> place(ManifestProblem problem, TomlSource source) {
    List<String> steps = List.of(STEP.split(problem.field(), -1));
    boolean isVariable = steps.size() > 2 && steps.subList(0, 2).equals(List.of("workload", "env"));
    return isVariable && source.table().isTable(List.of("env"))
        ? steps.subList(1, steps.size())
        : steps;
  }
}
