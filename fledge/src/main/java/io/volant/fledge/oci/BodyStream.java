package io.volant.fledge.oci;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The body of an answer as a stream that gives up when nothing comes for too long, which Java's own
 * does not. Holds a bounded number of buffers.
 */
final class BodyStream extends InputStream implements HttpResponse.BodySubscriber<BodyStream> {
  /** Each is 16 KiB. */
  private static final int BUFFERS_AHEAD = 64;

  private sealed interface Event {}

  private record Bytes(List<ByteBuffer> buffers) implements Event {}

  private record End(@Nullable Throwable failure) implements Event {}

  private final Duration stall;
  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private final Deque<ByteBuffer> current = new ArrayDeque<>();
  private final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();
  private @Nullable End end;

  BodyStream(Duration stall) {
    this.stall = stall;
  }

  @Override
  public CompletionStage<BodyStream> getBody() {
    return CompletableFuture.completedStage(this);
  }

  @Override
  public void onSubscribe(Flow.Subscription given) {
    if (subscription.complete(given)) {
      given.request(BUFFERS_AHEAD);
    } else {
      given.cancel();
    }
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    events.add(new Bytes(buffers));
  }

  @Override
  public void onError(Throwable failure) {
    events.add(new End(failure));
  }

  @Override
  public void onComplete() {
    events.add(new End(null));
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (!hasBytes()) {
      return -1;
    }
    int count = 0;
    while (count < length && !current.isEmpty()) {
      ByteBuffer buffer = current.getFirst();
      int part = Math.min(length - count, buffer.remaining());
      buffer.get(target, offset + count, part);
      count += part;
      if (!buffer.hasRemaining()) {
        current.removeFirst();
      }
    }
    return count;
  }

  /** Waits for bytes; false at the end. */
  private boolean hasBytes() throws IOException {
    while (current.isEmpty()) {
      if (end == null) {
        take();
      }
      if (end != null) {
        if (end.failure() != null) {
          throw new IOException("the connection broke: " + end.failure(), end.failure());
        }
        return false;
      }
    }
    return true;
  }

  private void take() throws IOException {
    try {
      Event event = events.poll(stall.toMillis(), TimeUnit.MILLISECONDS);
      switch (event) {
        case null -> throw new HttpTimeoutException("nothing came for " + stall.toSeconds() + " s");
        case Bytes(var buffers) -> {
          buffers.stream().filter(ByteBuffer::hasRemaining).forEach(current::add);
          subscription.join().request(1);
        }
        case End last -> end = last;
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("stopped");
    }
  }

  /** What comes now is not wanted any more. */
  @Override
  public void close() {
    Flow.Subscription given = subscription.getNow(null);
    if (given != null) {
      given.cancel();
    }
  }
}
