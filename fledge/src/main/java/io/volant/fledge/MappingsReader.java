package io.volant.fledge;

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

  private final Section section;
  private final Path folder;

  MappingsReader(Section section, Path folder) {
    this.section = section;
    this.folder = folder;
  }

  List<Mapping> mappings() {
    List<Mapping> mappings = new ArrayList<>();
    Set<String> taken = new HashSet<>();
    for (String written : section.keys()) {
      String destination = section.text(written);
      Path source = source(written);
      String place = destination == null ? null : place(written, destination);
      if (source == null || place == null) {
        continue;
      }
      // Two folders may be laid over each other at /, two files at one place may not: the later
      // would win silently.
      if (!taken.add(place) && !place.equals("/")) {
        section.mistake(written, "two mappings have the destination " + place);
      }
      mappings.add(new Mapping(written, source, place));
    }
    return mappings;
  }

  private @Nullable Path source(String written) {
    Path source = written.isEmpty() ? null : HostPath.resolve(folder, written);
    if (source == null) {
      section.mistake(written, "the source of a mapping must be a path");
    } else if (hasParentStep(written)) {
      section.mistake(written, "the source " + written + " must not have .. in it");
      return null;
    }
    return source;
  }

  private @Nullable String place(String written, String destination) {
    if (!destination.startsWith("/") || destination.indexOf('\0') >= 0) {
      section.mistake(written, "the destination must be an absolute path, was " + destination);
      return null;
    }
    if (hasParentStep(destination)) {
      section.mistake(written, "the destination " + destination + " must not have .. in it");
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
    Path source = HostPath.resolve(folder, written);
    return source != null && source.toFile().isFile();
  }

  private boolean refuseCovered(String written, String place) {
    for (String covered : COVERED) {
      if (place.equals(covered) || place.startsWith(covered + "/")) {
        section.mistake(
            written,
            "the destination " + place + " would be hidden: " + covered + " is filled at boot");
        return true;
      }
    }
    return false;
  }

  private static boolean hasParentStep(String path) {
    return List.of(path.split("/", -1)).contains("..");
  }
}
