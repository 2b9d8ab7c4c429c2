package io.volant.fledge.recipe;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads {@code [mappings]}: {@code "host path" = "/absolute/destination"}. */
final class MappingsReader {
  /**
   * What kestrel mounts over at boot, or the host puts there: a file under it would never be seen.
   */
  private static final List<String> COVERED = List.of("/proc", "/sys", "/dev", "/volant");

  private static final String TABLE = "mappings";

  private final TomlSource source;
  private final Path folder;
  private final boolean isFilledAtBoot;

  /**
   * @param isFilledAtBoot whether somebody other than the mapped programs mounts /proc and the rest
   */
  MappingsReader(TomlSource source, Path folder, boolean isFilledAtBoot) {
    this.source = source;
    this.folder = folder;
    this.isFilledAtBoot = isFilledAtBoot;
  }

  List<Mapping> mappings() {
    List<Mapping> mappings = new ArrayList<>();
    Set<String> taken = new HashSet<>();
    for (String written : source.keysAt(List.of(TABLE))) {
      // What the schema has something against is left out here.
      if (!source.isGoodSoFar(List.of(TABLE, written))) {
        continue;
      }
      Path file = source(written);
      String place =
          source.table().get(List.of(TABLE, written)) instanceof String destination
              ? place(written, destination)
              : null;
      if (file == null || place == null) {
        continue;
      }
      // Two folders may be laid over each other at /, two files at one place may not: the later
      // would win silently.
      if (!taken.add(place) && !place.equals("/")) {
        mistake(written, "two mappings have the destination " + place);
      }
      mappings.add(new Mapping(written, file, place));
    }
    return mappings;
  }

  private @Nullable Path source(String written) {
    Path file = written.isEmpty() ? null : HostPath.resolve(folder, written);
    if (file == null) {
      mistake(written, "the source of a mapping must be a path");
    } else if (hasParentStep(written)) {
      mistake(written, "the source " + written + " must not have .. in it");
      return null;
    }
    return file;
  }

  private @Nullable String place(String written, String destination) {
    if (hasParentStep(destination)) {
      mistake(written, "the destination " + destination + " must not have .. in it");
      return null;
    }
    List<String> parts = new ArrayList<>();
    for (String part : destination.split("/", -1)) {
      if (!part.isEmpty() && !part.equals(".")) {
        parts.add(part);
      }
    }
    // A trailing slash means "into this folder", as with cp.
    if (destination.endsWith("/") && !destination.equals("/") && isFileAt(written)) {
      parts.add(String.valueOf(Path.of(written).getFileName()));
    }
    String place = "/" + String.join("/", parts);
    return refuseCovered(written, place) ? null : place;
  }

  private boolean isFileAt(String written) {
    Path file = HostPath.resolve(folder, written);
    return file != null && file.toFile().isFile();
  }

  private boolean refuseCovered(String written, String place) {
    if (!isFilledAtBoot) {
      return false;
    }
    for (String covered : COVERED) {
      if (place.equals(covered) || place.startsWith(covered + "/")) {
        mistake(
            written,
            "the destination " + place + " would be hidden: " + covered + " is filled at boot");
        return true;
      }
    }
    return false;
  }

  private void mistake(String written, String message) {
    source.mistake(List.of(TABLE, written), message);
  }

  private static boolean hasParentStep(String path) {
    return List.of(path.split("/", -1)).contains("..");
  }
}
