package io.volant.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.volant.cli.http.ApiFailure;
import io.volant.cli.http.ApiPath;
import io.volant.cli.http.Json;
import io.volant.cli.http.MessageSocket;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "exec",
    description = {
      "Runs a command in a VM; volar ends with the command's exit code.",
      "A command that a signal ends gives 128 and its number."
    })
final class ExecCommand implements Callable<Integer> {

  private static final byte STDIN = 0;
  private static final byte STDOUT = 1;
  private static final byte RESIZE = 2;
  private static final byte STDERR = 2;
  private static final byte SIGNAL = 3;
  private static final byte STDIN_END = 4;
  private static final byte END = 5;
  private static final byte SIGINT = 2;
  private static final int CHUNK_BYTES = 16 * 1024;
  private static final int OF_SIGNALS = 128;
  private static final long SIZE_CHECK_MS = 1_000;
  private static final long FAREWELL_SECONDS = 3;

  private final Session session;

  @Parameters(index = "0", paramLabel = "NAME", description = "The VM.")
  private String name = "";

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "COMMAND",
      description = "The command and its arguments, after --.")
  private List<String> command = List.of();

  @Option(
      names = {"-i", "--interactive"},
      description = "Give the command what comes on standard input.")
  private boolean interactive;

  @Option(
      names = {"-t", "--tty"},
      description = "Run it on a terminal.")
  private boolean tty;

  @Option(
      names = {"-u", "--user"},
      paramLabel = "USER[:GROUP]",
      description = "Who runs it, instead of root.")
  private @Nullable String user;

  @Option(
      names = {"-w", "--workdir"},
      paramLabel = "FOLDER",
      description = "Where it runs, instead of the workload's folder.")
  private @Nullable String workdir;

  @Option(
      names = {"-e", "--env"},
      paramLabel = "NAME=VALUE",
      description = "A variable in addition to the workload's. May be repeated.")
  private List<String> env = List.of();

  ExecCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws Exception {
    boolean raw = tty && interactive && session.terminal().interactive();
    Optional<Stty.Size> size = raw ? Stty.size() : Optional.empty();
    CountDownLatch over = new CountDownLatch(1);
    try (MessageSocket socket = session.api().bytes().socket(path(size))) {
      String before = raw ? Stty.raw() : "";
      try (ExitHook _ = ExitHook.of(() -> leave(socket, before, over))) {
        feed(socket);
        if (raw) {
          Thread.ofVirtual().start(() -> watchSize(socket, size));
        }
        return listen(socket);
      } finally {
        if (raw) {
          Stty.restore(before);
        }
      }
    } finally {
      over.countDown();
    }
  }

  private ApiPath path(Optional<Stty.Size> size) {
    ApiPath path = ApiPath.of("vms", name, "exec");
    for (String word : command) {
      path = path.with("command", word);
    }
    for (String variable : env) {
      path = path.with("env", variable);
    }
    path = user == null ? path : path.with("user", user);
    path = workdir == null ? path : path.with("workdir", workdir);
    if (tty) {
      path = path.with("pty", true);
      String term = session.environment().getOrDefault("TERM", "");
      path = term.matches("[A-Za-z0-9._+-]{1,64}") ? path.with("term", term) : path;
    }
    return size.isPresent()
        ? path.with("rows", size.get().rows()).with("columns", size.get().columns())
        : path;
  }

  private void feed(MessageSocket socket) throws ApiFailure {
    if (interactive) {
      Thread pump = new Thread(() -> pump(socket));
      pump.setDaemon(true); // a read of the terminal cannot be ended
      pump.start();
    } else if (!tty) {
      socket.send(STDIN_END);
    }
  }

  private void pump(MessageSocket socket) {
    InputStream in = session.streams().in();
    byte[] chunk = new byte[CHUNK_BYTES];
    chunk[0] = STDIN;
    try {
      for (int count = in.read(chunk, 1, CHUNK_BYTES - 1);
          count >= 0;
          count = in.read(chunk, 1, CHUNK_BYTES - 1)) {
        socket.send(Arrays.copyOf(chunk, count + 1));
      }
      socket.send(STDIN_END);
    } catch (IOException | ApiFailure over) {
      // Whoever listens hears of a broken connection, too.
      return;
    }
  }

  private void watchSize(MessageSocket socket, Optional<Stty.Size> begun) {
    Optional<Stty.Size> known = begun;
    try {
      while (true) {
        Thread.sleep(SIZE_CHECK_MS);
        Optional<Stty.Size> now = Stty.size();
        if (now.isPresent() && !now.equals(known)) {
          known = now;
          int rows = now.get().rows();
          int columns = now.get().columns();
          socket.send(
              RESIZE, (byte) (rows >> 8), (byte) rows, (byte) (columns >> 8), (byte) columns);
        }
      }
    } catch (ApiFailure | InterruptedException over) {
      return; // the socket is closed, and so the command over
    }
  }

  private int listen(MessageSocket socket) throws ApiFailure, IOException, CliFailure {
    for (byte[] message = socket.next(); message != null; message = socket.next()) {
      if (message.length == 0) {
        continue;
      }
      switch (message[0]) {
        case STDOUT -> write(session.streams().out(), message);
        case STDERR -> write(session.streams().err(), message);
        case END -> {
          return code(Json.parse(Arrays.copyOfRange(message, 1, message.length)));
        }
        default -> throw new CliFailure(ExitCode.INTERNAL, "volantd sent an unknown message");
      }
    }
    throw new CliFailure(ExitCode.UNREACHABLE, "volantd ended the command without its exit code");
  }

  private static void write(OutputStream out, byte[] message) throws IOException {
    out.write(message, 1, message.length - 1);
    out.flush();
  }

  private static int code(JsonNode end) throws CliFailure {
    if (end.has("error")) {
      throw new CliFailure(ExitCode.UNREACHABLE, end.path("error").asText());
    }
    return end.has("signal")
        ? OF_SIGNALS + end.path("signal").asInt()
        : end.path("code").asInt(ExitCode.INTERNAL.number());
  }

  /** Ctrl-C where there is no terminal in the guest: the command gets it, and a moment to end. */
  private static void leave(MessageSocket socket, String before, CountDownLatch over) {
    if (!before.isEmpty()) {
      Stty.restore(before);
    }
    try {
      if (over.getCount() > 0) {
        socket.send(SIGNAL, SIGINT);
        boolean _ = over.await(FAREWELL_SECONDS, TimeUnit.SECONDS);
      }
    } catch (ApiFailure | InterruptedException gone) {
      return; // the daemon hangs the command up by itself
    }
  }
}
