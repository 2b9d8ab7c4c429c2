package io.volant.fledge.step;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;

/**
 * The permissions of mapped files. Programs and libraries are executable by their place in the file
 * system hierarchy, whatever the host's file says, because checkouts and copies often lose that.
 * Everything else keeps its own.
 */
final class ImageMode {
  private static final List<String> EXECUTABLE =
      List.of(
          "/bin/",
          "/sbin/",
          "/usr/bin/",
          "/usr/sbin/",
          "/usr/local/bin/",
          "/usr/local/sbin/",
          "/opt/bin/",
          "/lib/",
          "/lib64/",
          "/usr/lib/",
          "/usr/lib64/",
          "/usr/local/lib/");
  private static final int PROGRAM = 0755;
  private static final int PERMISSIONS = 07777;

  private ImageMode() {}

  static int ofFile(Path file, String place) throws IOException {
    return EXECUTABLE.stream().anyMatch(place::startsWith) ? PROGRAM : own(file);
  }

  static int ofFolder(Path folder) throws IOException {
    return own(folder);
  }

  private static int own(Path path) throws IOException {
    return (Integer) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS) & PERMISSIONS;
  }
}
