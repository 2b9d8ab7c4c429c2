package io.volant.fledge.oci;

import io.volant.fledge.report.BuildFailure;
import io.volant.fledge.report.ExitCode;
import io.volant.fledge.report.OneLine;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds an image in an archive by its tag. */
final class ArchivedTag {
  private ArchivedTag() {}

  /**
   * The image that is meant.
   *
   * @param images the entries of manifest.json
   * @param wanted a tag, or a name with a tag; null: the only image
   */
  static Fields choose(List<Fields> images, @Nullable String wanted, Path file)
      throws BuildFailure {
    List<Fields> fitting = new ArrayList<>();
    List<String> there = new ArrayList<>();
    for (Fields image : images) {
      List<String> tags = image.texts("RepoTags");
      there.addAll(tags);
      if (wanted == null || tags.stream().anyMatch(tag -> isMeant(wanted, tag))) {
        fitting.add(image);
      }
    }
    if (fitting.size() == 1) {
      return fitting.getFirst();
    }
    throw new BuildFailure(
        ExitCode.INPUT,
        OneLine.of(
            "the archive "
                + file
                + (wanted == null
                    ? " has " + images.size() + " images, so a tag must be given"
                    : " has not exactly one image that is meant by " + wanted)
                + "; it has "
                + (there.isEmpty() ? "no tags" : "the tags " + String.join(", ", there))));
  }

  private static boolean isMeant(String wanted, String tag) {
    return tag.equals(wanted) || tag.endsWith(":" + wanted) || whole(wanted).equals(whole(tag));
  }

  /** Docker leaves away what goes without saying, podman does not. */
  private static Object whole(String name) {
    try {
      return new ReferenceReader(name, Path.of("")).registryName(name);
    } catch (BuildFailure noName) {
      return name;
    }
  }
}
