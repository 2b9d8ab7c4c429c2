import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Starts a command and asks an address for a page every 5 ms until HTTP 200 comes; then ends the command. Run as a
 * source file; the arguments are: file with the command (words end in NUL, as in /proc/PID/cmdline), IPv4, port, file
 * for the result: milliseconds from just before the exec to the 200.
 */
final class BareBoot {

  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
  private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(5);

  /** Short: a SYN that the guest was not there to hear must not cost a retransmission's second. */
  private static final int CONNECT_MS = 20;

  private static final int READ_MS = 500;
  private static final byte[] REQUEST =
      "GET / HTTP/1.0\r\nHost: guest\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private BareBoot() {}

  /** Runs it; fails if the command ends or nothing answers. */
  public static void main(String[] words) throws Exception {
    List<String> command =
        Arrays.stream(Files.readString(Path.of(words[0])).split("\0")).toList();
    InetSocketAddress guest = new InetSocketAddress(words[1], Integer.parseInt(words[2]));
    answers(guest); // so that the classes are loaded before it counts
    long startedNanos = System.nanoTime();
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(Path.of(words[3] + ".log").toFile())
            .start();
    try {
      while (!answers(guest)) {
        if (!process.isAlive() || System.nanoTime() - startedNanos > PATIENCE_NANOS) {
          throw new IOException("no HTTP 200 from " + guest + "; see " + words[3] + ".log");
        }
        LockSupport.parkNanos(POLL_NANOS);
      }
      long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedNanos);
      Files.writeString(Path.of(words[3]), tookMs + "\n");
    } finally {
      process.destroyForcibly();
      process.waitFor();
    }
  }

  private static boolean answers(InetSocketAddress guest) {
    try (Socket socket = new Socket()) {
      socket.connect(guest, CONNECT_MS);
      socket.setSoTimeout(READ_MS);
      socket.getOutputStream().write(REQUEST);
      byte[] status = socket.getInputStream().readNBytes("HTTP/1.0 200".length());
      return new String(status, StandardCharsets.US_ASCII).endsWith(" 200");
    } catch (IOException notYet) {
      return false;
    }
  }
}
