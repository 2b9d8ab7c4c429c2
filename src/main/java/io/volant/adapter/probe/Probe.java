package io.volant.adapter.probe;

import io.volant.vm.HealthProbes.Target;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One question to a workload, and how its answer counts. Blocks its caller. */
final class Probe {

  /** "HTTP/1.1 200 " and a little more: nothing behind it is read. */
  private static final int ANSWER_BYTES_MAX = 64;

  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] ([0-9]{3})[ \r\n].*");
  private static final int HEALTHY_MIN = 200;
  private static final int HEALTHY_MAX = 399;

  private Probe() {}

  /** Why the workload is not healthy; empty: it is. */
  static Optional<String> ask(Target target) {
    long deadlineNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(target.timeoutMs());
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(target.address(), target.port()), leftMs(deadlineNanos));
      if (target.path() == null) {
        return Optional.empty();
      }
      socket.getOutputStream().write(request(target).getBytes(StandardCharsets.US_ASCII));
      return verdict(answer(socket, deadlineNanos));
    } catch (IOException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  private static String request(Target target) {
    return "GET %s HTTP/1.1\r\nHost: %s:%d\r\nUser-Agent: volant\r\nConnection: close\r\n\r\n"
        .formatted(target.path(), target.address(), target.port());
  }

  /** The answer's first bytes. One that drips is cut off by the deadline, not by each byte's. */
  private static String answer(Socket socket, long deadlineNanos) throws IOException {
    byte[] bytes = new byte[ANSWER_BYTES_MAX];
    InputStream in = socket.getInputStream();
    int length = 0;
    int newLine = -1;
    while (length < bytes.length && newLine < 0) {
      socket.setSoTimeout(leftMs(deadlineNanos));
      int read = in.read(bytes, length, bytes.length - length);
      if (read < 0) {
        break;
      }
      length += read;
      newLine = new String(bytes, 0, length, StandardCharsets.ISO_8859_1).indexOf('\n');
    }
    return new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
  }

  static Optional<String> verdict(String answer) {
    Matcher matcher = STATUS.matcher(answer.lines().findFirst().orElse("") + "\n");
    if (!matcher.find()) {
      return Optional.of("no answer in HTTP");
    }
    int status = Integer.parseInt(matcher.group(1));
    return status >= HEALTHY_MIN && status <= HEALTHY_MAX
        ? Optional.empty()
        : Optional.of("HTTP " + status);
  }

  /** At least 1: to a socket, 0 is for ever. */
  private static int leftMs(long deadlineNanos) {
    return (int) Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime()));
  }
}
