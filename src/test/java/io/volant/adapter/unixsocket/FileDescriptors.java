package io.volant.adapter.unixsocket;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What this process holds open, as the kernel sees it. */
public final class FileDescriptors {

  private FileDescriptors() {}

  /** How many sockets this process has open now. */
  public static long sockets() {
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
      return descriptors.filter(FileDescriptors::isSocket).count();
    } catch (IOException failure) {
      throw new IllegalStateException(failure);
    }
  }

  private static boolean isSocket(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
    } catch (IOException gone) {
      return false;
    }
  }
}
