package io.volant.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A run of {@code volar} inside the test, with bytes in and out, that can be watched. */
public final class LiveVolar implements AutoCloseable {

  private static final int PATIENCE_SECONDS = 30;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final CompletableFuture<Integer> exitCode = new CompletableFuture<>();
  private final Thread thread;

  private LiveVolar(Map<String, String> environment, byte[] input, String... arguments) {
    Terminal terminal =
        new Terminal(
            new PrintWriter(out, false, StandardCharsets.UTF_8),
            new PrintWriter(err, true, StandardCharsets.UTF_8),
            false,
            false);
    Session session =
        new Session(
            terminal,
            environment,
            Clock.systemUTC(),
            new Session.Streams(new ByteArrayInputStream(input), out, err));
    thread = new Thread(() -> exitCode.complete(Volar.run(session, arguments)));
  }

  /**
   * Starts it.
   *
   * @param input what is on standard input
   */
  public static LiveVolar start(
      Map<String, String> environment, byte[] input, String... arguments) {
    LiveVolar volar = new LiveVolar(environment, input, arguments);
    volar.thread.start();
    return volar;
  }

  /** Waits for its end: what the process would end with. */
  public int exitCode() {
    return exitCode.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
  }

  /** What it has put out by now. */
  public byte[] bytes() {
    return out.toByteArray();
  }

  /** The same as text. */
  public String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  /** What it has complained about by now. */
  public String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  /** Makes it leave, where the process would be told to by a signal. */
  public void leave() {
    thread.interrupt();
  }

  @Override
  public void close() {
    leave();
  }
}
