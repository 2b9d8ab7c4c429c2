package io.volant;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** The resolvers that the host uses, as far as its guests can use them too. */
final class HostResolvers {

  /** More are read by no C library. */
  static final int MOST = 3;

  private HostResolvers() {}

  /**
   * Those of the host. Where it asks a resolver of its own on loopback (systemd's), those that this
   * one asks.
   */
  static List<String> ofHost() {
    List<String> known = of(Path.of("/etc/resolv.conf"));
    return known.isEmpty() ? of(Path.of("/run/systemd/resolve/resolv.conf")) : known;
  }

  /** Those in a file as {@code resolv.conf} is; none where it cannot be read. */
  static List<String> of(Path file) {
    try {
      return in(Files.readString(file, StandardCharsets.ISO_8859_1));
    } catch (IOException unknown) {
      return List.of();
    }
  }

  static List<String> in(String text) {
    return text.lines()
        .map(line -> line.strip().split("\\s+", -1))
        .filter(words -> words.length >= 2 && words[0].equals("nameserver"))
        .map(words -> words[1])
        .filter(address -> isIpv4(address) && !address.startsWith("127."))
        .distinct()
        .limit(MOST)
        .toList();
  }

  static boolean isIpv4(String text) {
    return text.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}")
        && Arrays.stream(text.split("\\.", -1)).allMatch(octet -> Integer.parseInt(octet) <= 255);
  }
}
