package io.volant.adapter.qemu;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardOpenOption;
import org.apache.pekko.util.ByteString;

/**
 * The console log of a running VM, for those who read along while it grows and is cut. Positions
 * count from the beginning of the log as this object first saw it, and a cut does not move them.
 *
 * <p>Readers follow the log, and not QEMU's socket: QEMU serves one client there, which has to keep
 * up, and forgets what it printed before.
 */
final class ConsoleTape {

  private final RunLog log;

  /** How much has been cut off, less the notice that stands in its place. */
  private long movedBytes;

  ConsoleTape(RunLog log) {
    this.log = log;
  }

  /**
   * Some of what was printed.
   *
   * @param bytes what stands there, as much as was asked for or as there is
   * @param next the position behind them
   * @param behindBytes how much more there was then
   */
  record Piece(ByteString bytes, long next, long behindBytes) {}

  /** Cuts the log, see {@link RunLog#bound}. */
  synchronized void bound(long bytesMax) throws IOException {
    movedBytes += log.bound(bytesMax);
  }

  /** The position so many bytes before the present end, or the beginning. */
  synchronized long beforeEnd(int bytes) throws IOException {
    try (FileChannel channel = FileChannel.open(log.file(), StandardOpenOption.READ)) {
      return movedBytes + Math.max(0, channel.size() - bytes);
    } catch (NoSuchFileException notYet) {
      return movedBytes;
    }
  }

  /** Reads from a position on; what was cut off is left out. */
  synchronized Piece read(long position, int bytesMax) throws IOException {
    try (FileChannel channel = FileChannel.open(log.file(), StandardOpenOption.READ)) {
      long size = channel.size();
      long begin = Math.clamp(position - movedBytes, 0, size);
      ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(size - begin, bytesMax));
      while (bytes.hasRemaining() && channel.read(bytes, begin + bytes.position()) >= 0) {}
      ByteString read = ByteString.fromArrayUnsafe(bytes.array(), 0, bytes.position());
      long next = begin + read.size();
      return new Piece(read, movedBytes + next, size - next);
    } catch (NoSuchFileException notYet) {
      return new Piece(ByteString.emptyByteString(), position, 0);
    }
  }
}
