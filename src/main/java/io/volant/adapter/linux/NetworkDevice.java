package io.volant.adapter.linux;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A network device as /sys shows it: cheaper than a run of {@code ip}, and readable without root.
 *
 * @param name its name, at most 15 characters
 */
record NetworkDevice(String name) {

  private static final Path ALL = Path.of("/sys/class/net");

  /** A stricter rule than Linux has: nothing here can be taken for an option or a second word. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_.-]{0,14}");

  private static final int FLAG_UP = 0x1;

  /**
   * @throws IllegalArgumentException if the name is not one that we give to a device
   */
  NetworkDevice {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "\""
              + name
              + "\" is no name for a network device: allowed are 1 to 15 letters, digits, \"_\","
              + " \".\" and \"-\", the first a letter");
    }
  }

  /** All devices with an acceptable name. */
  static List<NetworkDevice> all() throws IOException {
    try (Stream<Path> entries = Files.list(ALL)) {
      return entries
          .map(entry -> String.valueOf(entry.getFileName()))
          .filter(name -> NAME.matcher(name).matches())
          .sorted()
          .map(NetworkDevice::new)
          .toList();
    }
  }

  boolean exists() {
    return Files.exists(folder(), LinkOption.NOFOLLOW_LINKS);
  }

  boolean isBridge() {
    return Files.isDirectory(folder().resolve("bridge"));
  }

  boolean isTap() {
    return Files.exists(folder().resolve("tun_flags"));
  }

  /** The bridge that it has joined, or null. */
  @Nullable String master() {
    try {
      Path target = Files.readSymbolicLink(folder().resolve("master")).getFileName();
      return target == null ? null : target.toString();
    } catch (IOException e) {
      return null;
    }
  }

  boolean isUp() {
    String flags = read("flags");
    try {
      return (Integer.decode(flags) & FLAG_UP) != 0;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  /** The free text that an administrator, or we, gave it; empty: none. */
  String alias() {
    return read("ifalias");
  }

  private String read(String attribute) {
    try {
      return Files.readString(folder().resolve(attribute), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      return "";
    }
  }

  private Path folder() {
    return ALL.resolve(name);
  }
}
