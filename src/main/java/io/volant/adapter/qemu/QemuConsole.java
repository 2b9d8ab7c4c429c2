package io.volant.adapter.qemu;

import io.volant.adapter.unixsocket.UnixSockets;
import io.volant.vm.GuestException;
import io.volant.vm.SerialConsole;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/** A QEMU's serial port: its log is read, its socket written to. */
final class QemuConsole implements SerialConsole {

  /** How long a character waits at most to be seen: less than a person notices. */
  private static final Duration LOOK_INTERVAL = Duration.ofMillis(20);

  private static final int PIECE_BYTES = 64 * 1024;

  /** Who is further behind than this has lost touch, and goes on near the end. */
  private static final long BEHIND_BYTES_MAX = 1024 * 1024;

  private final QemuProcess process;
  private final UnixSockets sockets;
  private final Executor blocking;

  /** The console of a watched process; the executor's threads may wait. */
  QemuConsole(QemuProcess process, UnixSockets sockets, Executor blocking) {
    this.process = process;
    this.sockets = sockets;
    this.blocking = blocking;
  }

  @Override
  public Source<ByteString, NotUsed> output() {
    return Source.lazySource(
            () -> {
              Reader reader = new Reader();
              return Source.tick(Duration.ZERO, LOOK_INTERVAL, NotUsed.getInstance())
                  .mapAsync(1, _ -> CompletableFuture.supplyAsync(reader::look, blocking))
                  .takeWhile(look -> !look.last(), true)
                  .map(Look::bytes)
                  .filter(ByteString::nonEmpty);
            })
        .mapMaterializedValue(_ -> NotUsed.getInstance());
  }

  @Override
  public CompletionStage<Sink<ByteString, CompletionStage<Done>>> input() {
    return sockets
        .connect(process.files().consoleSocket().toString())
        .thenApply(connection ->
            // What QEMU prints here stands in the log as well; not to read it would stop the guest.
            Flow.of(ByteString.class).via(connection.flow()).toMat(Sink.ignore(), Keep.right()))
        .exceptionallyCompose(failure ->
            CompletableFuture.failedFuture(
                new GuestException("the console's input cannot be reached: " + text(failure))));
  }

  private static String text(Throwable failure) {
    Throwable cause = failure.getCause();
    return String.valueOf((cause == null ? failure : cause).getMessage());
  }

  /** What a look at the log gave. */
  private record Look(ByteString bytes, boolean last) {}

  /** Reads along, one look after the other. */
  private final class Reader {

    private long position = -1;

    Look look() {
      // Before the log is looked at: what a process prints before its end is there after it.
      boolean ended = process.hasEnded();
      try {
        ConsoleTape tape = process.console();
        if (position < 0) {
          position = tape.beforeEnd(REPLAY_BYTES);
        }
        ConsoleTape.Piece piece = tape.read(position, PIECE_BYTES);
        position = piece.next();
        boolean last = ended && piece.behindBytes() == 0;
        ByteString bytes = piece.bytes();
        return new Look(
            piece.behindBytes() > BEHIND_BYTES_MAX ? bytes.concat(catchUp(tape)) : bytes, last);
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    }

    private ByteString catchUp(ConsoleTape tape) throws IOException {
      long near = tape.beforeEnd(REPLAY_BYTES);
      long missed = near - position;
      position = near;
      return ByteString.fromString(
          "\r\n[volantd: %d bytes were left out here]\r\n".formatted(missed),
          StandardCharsets.UTF_8);
    }
  }
}
