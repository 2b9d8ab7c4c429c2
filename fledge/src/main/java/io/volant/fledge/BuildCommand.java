package io.volant.fledge;

import io.volant.fledge.report.BuildFailure;
import io.volant.fledge.report.ExitCode;
import io.volant.manifest.PluginManifest;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code fledge build}. */
@Command(
    name = "build",
    description = "Builds an image and its plugin manifest from a recipe. No root needed.",
    versionProvider = Version.class,
    mixinStandardHelpOptions = true)
final class BuildCommand implements Callable<Integer> {
  private static final String IMAGE_SUFFIX = ".cpio.gz";
  private static final String MANIFEST_SUFFIX = ".manifest.json";
  private static final String DEFAULTS_FILE = "manifest.toml";

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      defaultValue = "fledge.toml",
      description = "The recipe (default: ${DEFAULT-VALUE}).")
  private Path recipeFile = Path.of("fledge.toml");

  @Option(
      names = {"-m", "--manifest"},
      paramLabel = "FILE",
      description =
          "The runtime defaults (default: manifest.toml beside the recipe, if it is there).")
  private @Nullable Path defaultsFile;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "OUT",
      description =
          "The folder for NAME.cpio.gz and NAME.manifest.json, or a file that ends in .cpio.gz"
              + " (default: the current folder).")
  private @Nullable Path output;

  @ArgGroup(exclusive = true)
  private @Nullable Loudness loudness;

  @Spec private @Nullable CommandSpec spec;

  private final Workbench workbench;

  BuildCommand(Workbench workbench) {
    this.workbench = workbench;
  }

  /** How much is printed. */
  private static final class Loudness {
    @Option(
        names = {"-v", "--verbose"},
        description = "Tell each step.")
    private boolean verbose;

    @Option(
        names = {"-q", "--quiet"},
        description = "Print nothing but mistakes.")
    private boolean quiet;
  }

  @Override
  public Integer call() {
    PrintWriter errors = Objects.requireNonNull(spec).commandLine().getErr();
    RecipeResult recipe = RecipeReader.read(recipeFile);
    DefaultsResult defaults = defaults();
    if (recipe instanceof RecipeResult.Good(var good)
        && defaults instanceof DefaultsResult.Good(var manifest)) {
      return build(order(good, manifest), errors);
    }
    List<Mistake> mistakes = new ArrayList<>();
    if (recipe instanceof RecipeResult.Refused(var refused)) {
      mistakes.addAll(refused);
    }
    // Without its recipe a manifest.toml that is not there says nothing.
    if (defaults instanceof DefaultsResult.Refused(var refused) && Files.exists(recipeFile)) {
      mistakes.addAll(refused);
    }
    mistakes.forEach(errors::println);
    return ExitCode.RECIPE.number();
  }

  private int build(BuildOrder order, PrintWriter errors) {
    ConsoleProgress.Level level = level();
    try {
      BuildPlan.of(order, workbench).run(new ConsoleProgress(errors, level));
    } catch (BuildFailure failure) {
      failure.lines().forEach(line -> errors.println("fledge: " + line));
      return failure.code().number();
    }
    if (level != ConsoleProgress.Level.QUIET) {
      PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
      out.println(order.image());
      out.println(order.manifestFile());
    }
    return ExitCode.OK.number();
  }

  private DefaultsResult defaults() {
    Path folder =
        Objects.requireNonNullElse(
            recipeFile.toAbsolutePath().normalize().getParent(), Path.of("/"));
    String folderName = String.valueOf(folder.getFileName());
    if (defaultsFile != null) {
      return DefaultsReader.read(defaultsFile, folderName);
    }
    Path beside = recipeFile.resolveSibling(DEFAULTS_FILE);
    return Files.exists(beside)
        ? DefaultsReader.read(beside, folderName)
        : DefaultsReader.read(DEFAULTS_FILE, new byte[0], folderName);
  }

  private BuildOrder order(Recipe recipe, PluginManifest manifest) {
    Path target = (output == null ? Path.of("") : output).toAbsolutePath().normalize();
    String fileName = String.valueOf(target.getFileName());
    if (fileName.endsWith(IMAGE_SUFFIX) && !Files.isDirectory(target)) {
      String stem = fileName.substring(0, fileName.length() - IMAGE_SUFFIX.length());
      return new BuildOrder(
          recipe, manifest, target, target.resolveSibling(stem + MANIFEST_SUFFIX));
    }
    return new BuildOrder(
        recipe,
        manifest,
        target.resolve(manifest.name() + IMAGE_SUFFIX),
        target.resolve(manifest.name() + MANIFEST_SUFFIX));
  }

  private ConsoleProgress.Level level() {
    if (loudness != null && loudness.verbose) {
      return ConsoleProgress.Level.VERBOSE;
    }
    return loudness != null && loudness.quiet
        ? ConsoleProgress.Level.QUIET
        : ConsoleProgress.Level.NORMAL;
  }
}
