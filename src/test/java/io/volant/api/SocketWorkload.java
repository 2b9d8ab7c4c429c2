package io.volant.api;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * A workload with WebSockets (RFC 6455), written from scratch so that a test can say every byte:
 * each connection is told to by the script, once its head has been read.
 */
final class SocketWorkload implements AutoCloseable {

  static final int TEXT = 1;
  static final int BINARY = 2;
  static final int CLOSE = 8;

  private static final String MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

  private final ServerSocket server;
  private final BlockingQueue<Peer> peers = new LinkedBlockingQueue<>();

  /** What a workload does with a connection. */
  interface Script {
    void play(Peer peer) throws IOException;
  }

  /** A frame as it came, unmasked. */
  record Frame(boolean last, int kind, ByteString payload) {

    byte[] bytes() {
      return payload.toArray();
    }

    String text() {
      return payload.utf8String();
    }
  }

  SocketWorkload(Script script) throws IOException {
    server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(() -> accept(script));
  }

  int port() {
    return server.getLocalPort();
  }

  /** The next connection that was made. */
  Peer peer() throws InterruptedException {
    Peer peer = peers.poll(RunningApi.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    if (peer == null) {
      throw new AssertionError("nobody has come");
    }
    return peer;
  }

  /** Agrees to the WebSocket, and gives back what comes until it is closed. */
  static void echo(Peer peer) throws IOException {
    peer.agree();
    for (Frame frame = peer.read(); frame.kind() != CLOSE; frame = peer.read()) {
      peer.write(frame.last(), frame.kind(), frame.bytes());
    }
    peer.write(true, CLOSE, new byte[] {3, (byte) 0xe8});
  }

  private void accept(Script script) {
    try {
      while (true) {
        Socket socket = server.accept();
        Thread.ofVirtual().start(() -> serve(socket, script));
      }
    } catch (IOException closed) {
      return; // the test is over
    }
  }

  private void serve(Socket socket, Script script) {
    try (socket) {
      Peer peer = new Peer(socket);
      peers.add(peer);
      script.play(peer);
    } catch (IOException gone) {
      return; // how it ended is for the test to see at the other end
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }

  /** Who has connected. */
  static final class Peer {

    private final DataInputStream in;
    private final OutputStream out;
    private final List<String> head;

    private Peer(Socket socket) throws IOException {
      socket.setSoTimeout((int) RunningApi.PATIENCE.toMillis());
      in = new DataInputStream(socket.getInputStream());
      out = socket.getOutputStream();
      head = readHead().lines().toList();
    }

    String requestLine() {
      return head.getFirst();
    }

    @Nullable String header(String name) {
      String start = name.toLowerCase(Locale.ROOT) + ": ";
      return head.stream()
          .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(start))
          .map(line -> line.substring(start.length()))
          .findFirst()
          .orElse(null);
    }

    void agree(String... more) throws IOException {
      String answer =
          "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
              + "Sec-WebSocket-Accept: "
              + accepted(String.valueOf(header("Sec-WebSocket-Key")))
              + "\r\n";
      say(
          answer
              + String.join("", List.of(more).stream().map(it -> it + "\r\n").toList())
              + "\r\n");
    }

    void say(String text) throws IOException {
      out.write(text.getBytes(StandardCharsets.UTF_8));
      out.flush();
    }

    void write(boolean last, int kind, byte... payload) throws IOException {
      ByteArrayOutputStream frame = new ByteArrayOutputStream();
      frame.write((last ? 0x80 : 0) | kind);
      frame.write(127);
      for (int shift = 56; shift >= 0; shift -= 8) {
        frame.write((int) ((long) payload.length >> shift));
      }
      frame.writeBytes(payload);
      out.write(frame.toByteArray());
      out.flush();
    }

    Frame read() throws IOException {
      int first = in.readUnsignedByte();
      int second = in.readUnsignedByte();
      long length =
          switch (second & 0x7f) {
            case 126 -> in.readUnsignedShort();
            case 127 -> in.readLong();
            default -> second & 0x7f;
          };
      byte[] mask = in.readNBytes(4);
      byte[] payload = in.readNBytes((int) length);
      for (int i = 0; i < payload.length; i++) {
        payload[i] ^= mask[i & 3];
      }
      return new Frame((first & 0x80) != 0, first & 0x0f, ByteString.fromArray(payload));
    }

    /** All frames of a message as one. */
    Frame readMessage() throws IOException {
      Frame frame = read();
      ByteArrayOutputStream whole = new ByteArrayOutputStream();
      whole.writeBytes(frame.bytes());
      int kind = frame.kind();
      while (!frame.last()) {
        frame = read();
        whole.writeBytes(frame.bytes());
      }
      return new Frame(true, kind, ByteString.fromArray(whole.toByteArray()));
    }

    /** Whether the other end hangs up before it is too late. */
    boolean hangsUp() throws IOException {
      try {
        return in.read() < 0;
      } catch (SocketException reset) {
        return true;
      }
    }

    private String readHead() throws IOException {
      StringBuilder text = new StringBuilder();
      while (text.indexOf("\r\n\r\n") < 0) {
        int next = in.read();
        if (next < 0) {
          throw new EOFException();
        }
        text.append((char) next);
      }
      return text.toString();
    }

    private static String accepted(String key) {
      try {
        byte[] hash =
            MessageDigest.getInstance("SHA-1")
                .digest((key + MAGIC).getBytes(StandardCharsets.US_ASCII));
        return Base64.getEncoder().encodeToString(hash);
      } catch (NoSuchAlgorithmException never) {
        throw new AssertionError(never);
      }
    }
  }
}
