package io.volant.cli;

import io.volant.cli.http.ApiBytes;
import io.volant.cli.http.ApiFailure;
import io.volant.cli.http.ApiPath;
import io.volant.cli.http.MessageSocket;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Connections that are accepted here and go on in a VM, each through a tunnel of its own. One that
 * does not work is told in a line and is no reason to stop.
 */
final class Forwarding implements AutoCloseable {

  /** A guest has 28 tunnels; more connections wait here, and others get some of the tunnels. */
  private static final int CONNECTIONS_MAX = 24;

  private static final int CHUNK_BYTES = 32 * 1024;

  private final ApiBytes api;
  private final Terminal terminal;
  private final String vm;
  private final Semaphore places = new Semaphore(CONNECTIONS_MAX);
  private final List<Way> ways = new ArrayList<>();
  private final CompletableFuture<Void> end = new CompletableFuture<>();

  /** From a listener to a port in the VM. */
  private record Way(ServerSocket listener, int remote, String shown) {

    void close() {
      try {
        listener.close();
      } catch (IOException gone) {
        return; // nobody is let in by it any more
      }
    }
  }

  Forwarding(ApiBytes api, Terminal terminal, String vm) {
    this.api = api;
    this.terminal = terminal;
    this.vm = vm;
  }

  /** Takes a port of this machine; nothing is accepted on it yet. */
  void listen(InetAddress here, ForwardedPort port) throws CliFailure {
    String host = here.getHostAddress();
    String shown = host.contains(":") ? "[" + host + "]" : host;
    try {
      ServerSocket listener = new ServerSocket();
      listener.bind(new InetSocketAddress(here, port.local()));
      String from = shown + ":" + listener.getLocalPort();
      ways.add(new Way(listener, port.remote(), from + " -> " + vm + ":" + port.remote()));
    } catch (IOException failure) {
      throw new CliFailure(
          ExitCode.CONFLICT,
          "cannot listen on " + shown + ":" + port.local() + ": " + failure.getMessage());
    }
  }

  /** Accepts connections from now on, and says so. */
  void start() {
    for (Way way : ways) {
      Thread.ofVirtual().start(() -> accept(way));
      terminal.print("Forwarding " + way.shown());
    }
    boolean _ = terminal.flushed();
  }

  /** Fails when no more connections can be accepted, and does not end else. */
  CompletableFuture<Void> end() {
    return end;
  }

  @Override
  public void close() {
    ways.forEach(Way::close);
  }

  private void accept(Way way) {
    try {
      while (true) {
        Socket local = way.listener().accept();
        places.acquire();
        Thread.ofVirtual().start(() -> serve(way, local));
      }
    } catch (IOException | InterruptedException over) {
      end.completeExceptionally(over);
    }
  }

  private void serve(Way way, Socket local) {
    AtomicBoolean left = new AtomicBoolean();
    ApiPath path = ApiPath.of("vms", vm, "tunnel", Integer.toString(way.remote()));
    try (local;
        MessageSocket socket = api.socket(path)) {
      local.setTcpNoDelay(true);
      Thread.ofVirtual().start(() -> send(local, socket, left));
      receive(socket, local);
    } catch (ApiFailure failure) {
      if (!left.get()) {
        terminal.complain(way.shown() + ": " + failure.getMessage());
      }
    } catch (IOException gone) {
      return; // who had connected here has left
    } finally {
      places.release();
    }
  }

  private static void send(Socket local, MessageSocket socket, AtomicBoolean left) {
    byte[] chunk = new byte[CHUNK_BYTES];
    try {
      InputStream in = local.getInputStream();
      for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
        socket.send(Arrays.copyOf(chunk, count));
      }
      socket.send(); // all is said, and the answer may still come
    } catch (IOException broken) {
      left.set(true);
      socket.abort();
    } catch (ApiFailure over) {
      return; // whoever receives hears of it, too
    }
  }

  private static void receive(MessageSocket socket, Socket local) throws ApiFailure, IOException {
    OutputStream out = local.getOutputStream();
    for (byte[] bytes = socket.next(); bytes != null; bytes = socket.next()) {
      out.write(bytes);
    }
  }
}
