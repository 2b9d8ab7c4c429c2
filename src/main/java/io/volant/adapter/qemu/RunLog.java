package io.volant.adapter.qemu;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A log that QEMU writes and the daemon reads.
 *
 * <p>A guest can fill its console as fast as it likes. QEMU knows no limit for the file, and a
 * limit by the kernel (RLIMIT_FSIZE) would hit the VM's disks too. So QEMU appends (O_APPEND), and
 * the daemon cuts: what is written after a truncation goes to the new end. While no daemon runs the
 * log can grow; the next one cuts it as soon as it has taken the VM over.
 *
 * @param file absolute path
 */
record RunLog(Path file) {

  static final int TAIL_LINES_MAX = 20;
  static final int TAIL_CHARACTERS_MAX = 512;

  private static final int TAIL_BYTES = 64 * 1024;

  /** Colours and cursor movements, as a terminal understands them. */
  private static final Pattern ESCAPES =
      Pattern.compile("\u001b(\\[[0-9;?]{0,32}[ -/]?[@-~]|[@-Z\\\\-_])");

  private static final Pattern CONTROLS = Pattern.compile("[\\p{Cc}\\p{Cf}&&[^\t]]");

  /** Sets the log of the last run aside (one is kept), for a new run. */
  void startAnew() throws IOException {
    try {
      Files.move(
          file,
          file.resolveSibling(file.getFileName() + ".1"),
          StandardCopyOption.REPLACE_EXISTING,
          StandardCopyOption.ATOMIC_MOVE);
    } catch (NoSuchFileException e) {
      // The first run.
      return;
    }
  }

  /**
   * Throws the older part away if the log has more than {@code bytesMax}.
   *
   * @return by how many bytes what is left has moved towards the beginning
   */
  long bound(long bytesMax) throws IOException {
    if (!Files.exists(file) || Files.size(file) <= bytesMax) {
      return 0;
    }
    byte[] tail = lastBytes();
    long size;
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      size = channel.size();
      channel.truncate(0);
    }
    byte[] notice =
        "[volantd: %d bytes of this log were thrown away]\n"
            .formatted(size - tail.length)
            .getBytes(StandardCharsets.UTF_8);
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
      channel.write(ByteBuffer.wrap(notice));
      channel.write(ByteBuffer.wrap(tail));
    }
    return size - tail.length - notice.length;
  }

  /** The last lines, oldest first, made fit to be shown: what a guest writes can be anything. */
  List<String> tail() {
    List<String> lines = lastLines();
    return lines.subList(Math.max(0, lines.size() - TAIL_LINES_MAX), lines.size());
  }

  /** The last of the lines near the end that has the text in it: a trace may follow it. */
  Optional<String> lastLineWith(String text) {
    return lastLines().stream().filter(line -> line.contains(text)).reduce((one, next) -> next);
  }

  /** The last line, or empty. */
  String lastLine() {
    List<String> lines = tail();
    return lines.isEmpty() ? "" : lines.getLast();
  }

  private List<String> lastLines() {
    try {
      String text = new String(lastBytes(), StandardCharsets.UTF_8);
      return text.lines().map(RunLog::cleaned).filter(line -> !line.isBlank()).toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  private static String cleaned(String line) {
    String plain =
        CONTROLS.matcher(ESCAPES.matcher(line).replaceAll("")).replaceAll("").stripTrailing();
    return plain.length() <= TAIL_CHARACTERS_MAX ? plain : plain.substring(0, TAIL_CHARACTERS_MAX);
  }

  private byte[] lastBytes() throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long size = channel.size();
      ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(size, TAIL_BYTES));
      long position = size - bytes.capacity();
      while (bytes.hasRemaining()) {
        int count = channel.read(bytes, position + bytes.position());
        if (count < 0) {
          break;
        }
      }
      byte[] read = new byte[bytes.flip().remaining()];
      bytes.get(read);
      return read;
    }
  }
}
