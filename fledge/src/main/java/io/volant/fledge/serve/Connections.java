package io.volant.fledge.serve;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The TCP connections of this machine, as Linux lists them. */
final class Connections {
  private static final List<Path> TABLES =
      List.of(Path.of("/proc/self/net/tcp"), Path.of("/proc/self/net/tcp6"));
  private static final int LOCAL = 1;
  private static final int REMOTE = 2;
  private static final int STATE = 3;
  private static final String ESTABLISHED = "01";

  private Connections() {}

  /** Whether the other side still holds the connection between these ports; yes when unsure. */
  static boolean isEstablished(int localPort, int remotePort) {
    boolean couldLook = false;
    for (Path table : TABLES) {
      try (Stream<String> lines = Files.lines(table)) {
        couldLook = true;
        if (lines.anyMatch(line -> isIt(line, localPort, remotePort))) {
          return true;
        }
      } catch (IOException | UncheckedIOException notThere) {
        // A machine without IPv6 has one table.
      }
    }
    return !couldLook;
  }

  private static boolean isIt(String line, int localPort, int remotePort) {
    String[] fields = line.strip().split(" +", -1);
    return fields.length > STATE
        && fields[LOCAL].endsWith(port(localPort))
        && fields[REMOTE].endsWith(port(remotePort))
        && fields[STATE].equals(ESTABLISHED);
  }

  private static String port(int port) {
    return String.format(Locale.ROOT, ":%04X", port);
  }
}
