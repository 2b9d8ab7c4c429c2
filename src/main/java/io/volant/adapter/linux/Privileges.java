package io.volant.adapter.linux;

import io.volant.adapter.process.CommandException;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;

/** What this process may do. */
final class Privileges {

  private static final int CAP_NET_ADMIN = 12;

  private Privileges() {}

  /**
   * @throws CommandException if this process may not set up networks
   */
  static void requireNetworkAdministration(String what) throws CommandException {
    if (!mayAdministerNetworks()) {
      throw new CommandException(
          "bridged networking needs root (or CAP_NET_ADMIN): "
              + what
              + " was not tried. Run volantd as root, or give the VM the network mode vsock");
    }
  }

  private static boolean mayAdministerNetworks() {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
        if (line.startsWith("CapEff:")) {
          return new BigInteger(line.substring("CapEff:".length()).strip(), 16)
              .testBit(CAP_NET_ADMIN);
        }
      }
    } catch (IOException | NumberFormatException e) {
      // Unknown: let the programs themselves say what they miss.
      return true;
    }
    return true;
  }
}
