package io.volant.adapter.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Sees to it that one daemon runs on a home. The lock ends with the process, however it ends, so a
 * lock file that is left behind means nothing.
 *
 * <p>It is a POSIX lock: Linux drops it when this process closes <em>any</em> descriptor of the
 * file. So nothing else in this program may open it.
 */
public final class HomeLock implements AutoCloseable {

  private static final int PID_BYTES_MAX = 32;

  private final VolantHome home;
  private final FileChannel channel;

  private HomeLock(VolantHome home, FileChannel channel) {
    this.home = home;
    this.channel = channel;
  }

  /**
   * Makes the home's folders and locks it.
   *
   * @throws IOException with a message for people: which process holds the lock, or which folder
   *     cannot be made
   */
  public static HomeLock acquire(VolantHome home) throws IOException {
    home.create();
    Path file = home.lockFile();
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    boolean locked = false;
    try {
      if (lock(channel) == null) {
        throw new IOException(
            "another volantd ("
                + holderOf(channel)
                + ") already works on "
                + home.root()
                + ": stop it, or give this one another folder with VOLANT_HOME");
      }
      channel.truncate(0);
      channel.write(
          ByteBuffer.wrap(
              (ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)),
          0);
      locked = true;
      return new HomeLock(home, channel);
    } finally {
      if (!locked) {
        channel.close();
      }
    }
  }

  /** The home that is locked. */
  public VolantHome home() {
    return home;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private static @Nullable FileLock lock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      // The same process, as in a test that starts two daemons.
      return null;
    }
  }

  private static String holderOf(FileChannel channel) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(PID_BYTES_MAX);
    int length = channel.read(bytes, 0);
    String pid =
        length <= 0 ? "" : new String(bytes.array(), 0, length, StandardCharsets.US_ASCII).strip();
    return pid.isEmpty() ? "its pid is not known" : "pid " + pid;
  }
}
