package io.volant.fledge.step;

import io.volant.fledge.recipe.Mapping;
import io.volant.fledge.report.BuildFailure;
import io.volant.fledge.report.ExitCode;
import io.volant.fledge.report.Progress;
import io.volant.fledge.tree.Content;
import io.volant.fledge.tree.FileTree;
import io.volant.fledge.tree.TreeEntry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Copies the user's files and folders to their destinations. Links inside a folder stay links; a
 * mapped path that is itself a link is followed.
 */
final class AddMappings implements BuildStep {
  private final List<Mapping> mappings;

  AddMappings(List<Mapping> mappings) {
    this.mappings = List.copyOf(mappings);
  }

  @Override
  public String title() {
    return "add " + mappings.size() + (mappings.size() == 1 ? " mapping" : " mappings");
  }

  @Override
  public void run(Draft draft, Progress progress) throws BuildFailure {
    refuseMissing();
    TreeEntry before = draft.tree().at(CheckInit.PLACE);
    for (Mapping mapping : mappings) {
      progress.detail(mapping.written() + " -> " + mapping.destination());
      try {
        add(mapping, draft.tree());
      } catch (IOException failure) {
        throw new BuildFailure(
            ExitCode.INPUT, mapping.written() + " cannot be read: " + failure.getMessage());
      }
    }
    draft.initMapped(!Objects.equals(before, draft.tree().at(CheckInit.PLACE)));
  }

  private void refuseMissing() throws BuildFailure {
    List<String> missing = new ArrayList<>();
    for (Mapping mapping : mappings) {
      if (!Files.exists(mapping.source())) {
        missing.add("mapping " + mapping.written() + ": there is no " + mapping.source());
      }
    }
    if (!missing.isEmpty()) {
      throw new BuildFailure(ExitCode.INPUT, missing);
    }
  }

  private static void add(Mapping mapping, FileTree tree) throws IOException, BuildFailure {
    Path source = mapping.source().toRealPath();
    String destination = mapping.destination();
    if (!Files.isDirectory(source)) {
      if (destination.equals("/")) {
        throw new BuildFailure(
            ExitCode.INPUT,
            "mapping " + mapping.written() + ": a file needs a destination with a name, was /");
      }
      addOne(source, destination, tree);
      return;
    }
    String under = destination.equals("/") ? "" : destination;
    try (Stream<Path> found = Files.walk(source)) {
      // By name, so that which of two problems is told does not depend on the file system.
      for (Path path : found.sorted().toList()) {
        String relative = source.relativize(path).toString();
        String place = relative.isEmpty() ? under : under + "/" + relative;
        if (!place.isEmpty()) {
          addOne(path, place, tree);
        }
      }
    } catch (UncheckedIOException failure) {
      throw failure.getCause();
    }
  }

  private static void addOne(Path path, String place, FileTree tree)
      throws IOException, BuildFailure {
    if (Files.isSymbolicLink(path)) {
      tree.link(place, Files.readSymbolicLink(path).toString());
    } else if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      tree.folder(place, ImageMode.ofFolder(path));
    } else if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
      tree.file(place, ImageMode.ofFile(path, place), Content.of(path));
    } else {
      throw new BuildFailure(
          ExitCode.INPUT,
          path + " is neither a file, a folder nor a link; leave it out of the mapping");
    }
  }
}
