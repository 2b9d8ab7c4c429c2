package io.volant.adapter.linux;

import io.volant.adapter.process.CommandException;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What this process may do. */
final class Privileges {

  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String EFFECTIVE = "CapEff:";
  private static final int CAP_NET_ADMIN = 12;
  private static final int HEXADECIMAL = 16;

  private Privileges() {}

  /**
   * Refuses early, with what is missing, what would fail later with another program's words.
   *
   * @throws CommandException if this process may not set up networks
   */
  static void requireNetworkAdministration(String what) throws CommandException {
    List<String> status;
    try {
      status = Files.readAllLines(STATUS);
    } catch (IOException e) {
      // Unknown: let the programs themselves say what they miss.
      return;
    }
    requireNetworkAdministration(what, status);
  }

  /** As above, for a process with these lines in its /proc/PID/status. */
  static void requireNetworkAdministration(String what, List<String> status)
      throws CommandException {
    boolean lacking =
        status.stream()
            .filter(line -> line.startsWith(EFFECTIVE))
            .map(line -> new BigInteger(line.substring(EFFECTIVE.length()).strip(), HEXADECIMAL))
            .anyMatch(capabilities -> !capabilities.testBit(CAP_NET_ADMIN));
    if (lacking) {
      throw new CommandException(
          "bridged networking needs root (or CAP_NET_ADMIN): "
              + what
              + " was not tried. Run volantd as root, or give the VM the network mode vsock");
    }
  }
}
