package io.volant.cli;

import io.volant.cli.http.ApiFailure;
import io.volant.cli.http.ApiPath;
import io.volant.cli.http.MessageSocket;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "console",
    description = {
      "Connects to the serial console of a VM, from its boot on.",
      "Ctrl-] leaves. One client at a time can type, any number can watch."
    })
final class VmConsole implements Callable<Integer> {

  /** Ctrl-], as in telnet and virsh. */
  private static final byte LEAVE = 0x1d;

  private static final int CHUNK_BYTES = 4 * 1024;

  private final Session session;

  @Parameters(paramLabel = "NAME", description = "The VM.")
  private String name = "";

  @Option(
      names = {"-r", "--read-only"},
      description = "Only look on; somebody else may type.")
  private boolean readOnly;

  VmConsole(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws Exception {
    ApiPath path = ApiPath.of("vms", name, "console").with("mode", readOnly ? "watch" : "write");
    boolean onTerminal = session.terminal().interactive();
    try (MessageSocket socket = session.api().bytes().socket(path)) {
      if (!onTerminal) {
        return talk(socket);
      }
      session.terminal().tell("Connected to the console of '" + name + "'. Ctrl-] leaves.");
      try (RawTerminal _ = RawTerminal.open()) {
        return talk(socket);
      } finally {
        session.terminal().tell("");
      }
    }
  }

  private int talk(MessageSocket socket) throws ApiFailure, IOException {
    AtomicBoolean leaving = new AtomicBoolean();
    Thread keyboard = new Thread(() -> type(socket, leaving));
    keyboard.setDaemon(true); // a read of the terminal cannot be ended
    keyboard.start();
    OutputStream out = session.streams().out();
    try {
      for (byte[] message = socket.next(); message != null; message = socket.next()) {
        out.write(message);
        out.flush();
      }
    } catch (ApiFailure.Lost broken) {
      if (!leaving.get()) {
        throw broken;
      }
    }
    return ExitCode.OK.number();
  }

  private void type(MessageSocket socket, AtomicBoolean leaving) {
    InputStream in = session.streams().in();
    byte[] chunk = new byte[CHUNK_BYTES];
    try {
      for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
        int end = leaveAt(chunk, count);
        if (!readOnly && end > 0) {
          socket.send(Arrays.copyOf(chunk, end));
        }
        if (end < count) {
          leaving.set(true);
          socket.close();
          return;
        }
      }
    } catch (IOException | ApiFailure over) {
      // Whoever shows the output hears of a broken connection, too.
      return;
    }
  }

  private static int leaveAt(byte[] chunk, int count) {
    for (int i = 0; i < count; i++) {
      if (chunk[i] == LEAVE) {
        return i;
      }
    }
    return count;
  }
}
