package io.volant.adapter.qemu;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * What QEMU has in a VM's run directory.
 *
 * @param directory absolute path
 */
record RunFiles(Path directory) {

  /** The kernel's sun_path holds 108 bytes, the last of them a NUL. */
  private static final int SOCKET_PATH_BYTES_MAX = 107;

  static RunFiles of(String directory) {
    return new RunFiles(Path.of(directory));
  }

  Path qmpSocket() {
    return directory.resolve("qmp.sock");
  }

  Path linkSocket() {
    return directory.resolve("link.sock");
  }

  Path consoleSocket() {
    return directory.resolve("console.sock");
  }

  Path consoleLog() {
    return directory.resolve("console.log");
  }

  /** What QEMU itself says. */
  Path log() {
    return directory.resolve("qemu.log");
  }

  /** Locked by QEMU as long as it lives: a second one for the same VM ends at once. */
  Path pidFile() {
    return directory.resolve("qemu.pid");
  }

  /**
   * Checks what only shows later, and badly, as a QEMU that dies.
   *
   * @throws IllegalArgumentException if the sockets' paths are too long for Linux
   */
  void requireUsable() {
    int length = consoleSocket().toString().getBytes(StandardCharsets.UTF_8).length;
    if (length > SOCKET_PATH_BYTES_MAX) {
      throw new IllegalArgumentException(
          "the path "
              + consoleSocket()
              + " has "
              + length
              + " bytes; Linux allows "
              + SOCKET_PATH_BYTES_MAX
              + " for a socket: choose a shorter VOLANT_HOME");
    }
  }
}
