package io.volant.cli.http;

import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** The calls of an API whose bodies are bytes that stream: sockets, and archives. */
public final class ApiBytes {

  private static final int ERROR_LIMIT_BYTES = 1 << 20;
  private static final int SWITCHING_PROTOCOLS = 101;

  private final Wire wire;
  private final @Nullable String apiKey;

  ApiBytes(Wire wire, @Nullable String apiKey) {
    this.wire = wire;
    this.apiKey = apiKey;
  }

  /** Writes a body. */
  @FunctionalInterface
  public interface Writing {
    /** Writes all of it. */
    void to(OutputStream out) throws IOException;
  }

  /** Opens a WebSocket. */
  public MessageSocket socket(ApiPath path) throws ApiFailure {
    byte[] nonce = new byte[16];
    ThreadLocalRandom.current().nextBytes(nonce);
    Map<String, String> headers = headers();
    headers.put("Connection", "Upgrade");
    headers.put("Upgrade", "websocket");
    headers.put("Sec-WebSocket-Version", "13");
    headers.put("Sec-WebSocket-Key", Base64.getEncoder().encodeToString(nonce));
    Link link = open();
    try {
      link.ask("GET", path.text(), headers);
      Wire.Reply reply = ReplyReader.read(link.in());
      if (reply.status() != SWITCHING_PROTOCOLS) {
        throw refused(link, reply);
      }
      return new MessageSocket(link);
    } catch (IOException broken) {
      throw lost(broken);
    }
  }

  /** {@code GET}, answered with bytes; to be closed. */
  public InputStream read(ApiPath path) throws ApiFailure {
    Map<String, String> headers = headers();
    headers.put("Connection", "close");
    Link link = open();
    try {
      link.ask("GET", path.text(), headers);
      Wire.Reply reply = ReplyReader.read(link.in());
      if (reply.status() >= 300) {
        throw refused(link, reply);
      }
      return reply.body();
    } catch (IOException broken) {
      throw lost(broken);
    }
  }

  /** {@code PUT} of a body whose length is not known before. */
  public void write(ApiPath path, String type, Writing body) throws ApiFailure, IOException {
    Map<String, String> headers = headers();
    headers.put("Connection", "close");
    headers.put("Content-Type", type);
    headers.put("Transfer-Encoding", "chunked");
    try (Link link = open()) {
      link.ask("PUT", path.text(), headers);
      Chunks chunks = new Chunks(link.out());
      try (OutputStream out = new BufferedOutputStream(chunks, 64 * 1024)) {
        body.to(out);
      } catch (Chunks.Gone gone) {
        // The daemon may have said why before it hung up.
        chunks.end();
      }
      Wire.Reply reply = answer(link);
      if (reply.status() >= 300) {
        throw refused(link, reply);
      }
    }
  }

  private static Wire.Reply answer(Link link) throws ApiFailure {
    try {
      return ReplyReader.read(link.in());
    } catch (IOException broken) {
      throw lost(broken);
    }
  }

  private Link open() throws ApiFailure {
    try {
      return wire.open();
    } catch (IOException failure) {
      throw new ApiFailure.Unreachable(
          "cannot reach volantd at " + wire.place() + ": " + failure.getMessage(), failure);
    }
  }

  private Map<String, String> headers() {
    Map<String, String> headers = new HashMap<>();
    headers.put("Accept", "*/*");
    if (apiKey != null) {
      headers.put("X-Volant-API-Key", apiKey);
    }
    return headers;
  }

  private static ApiFailure refused(Link link, Wire.Reply reply) throws IOException {
    try (link) {
      return ErrorBody.refusal(reply.status(), reply.body().readNBytes(ERROR_LIMIT_BYTES));
    }
  }

  private static ApiFailure lost(IOException broken) {
    return new ApiFailure.Lost("the connection to volantd broke: " + broken.getMessage(), broken);
  }

  /** A body in chunks; closing ends the body and not the connection. */
  private static final class Chunks extends FilterOutputStream {

    private static final int CHUNK_BYTES = 64 * 1024;

    private boolean ended;

    /** The daemon takes no more. */
    static final class Gone extends IOException {
      private static final long serialVersionUID = 1L;

      Gone(IOException cause) {
        super(cause);
      }
    }

    Chunks(OutputStream out) {
      super(out);
    }

    @Override
    public void write(int value) throws IOException {
      write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      for (int done = 0; done < length && !ended; done += CHUNK_BYTES) {
        chunk(bytes, offset + done, Math.min(CHUNK_BYTES, length - done));
      }
    }

    private void chunk(byte[] bytes, int offset, int length) throws IOException {
      try {
        out.write((Integer.toHexString(length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
        out.write(bytes, offset, length);
        out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
      } catch (IOException gone) {
        throw new Gone(gone);
      }
    }

    void end() {
      ended = true;
    }

    @Override
    public void close() throws IOException {
      if (!ended) {
        ended = true;
        try {
          out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
          out.flush();
        } catch (IOException gone) {
          throw new Gone(gone);
        }
      }
    }
  }
}
