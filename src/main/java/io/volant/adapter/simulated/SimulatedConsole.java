package io.volant.adapter.simulated;

import io.volant.vm.SerialConsole;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/** The console of a simulated VM: it says what it is, and prints what is typed. */
final class SimulatedConsole implements SerialConsole {

  private static final Duration LOOK_INTERVAL = Duration.ofMillis(10);
  private static final ByteString GREETING =
      ByteString.fromString("this console is simulated, and repeats what it reads\r\n");

  private final BooleanSupplier ended;
  private ByteString printed = GREETING;
  private long droppedBytes;

  SimulatedConsole(BooleanSupplier ended) {
    this.ended = ended;
  }

  @Override
  public Source<ByteString, NotUsed> output() {
    return Source.lazySource(
            () -> {
              AtomicLong position = new AtomicLong();
              return Source.tick(Duration.ZERO, LOOK_INTERVAL, NotUsed.getInstance())
                  .takeWhile(_ -> !ended.getAsBoolean())
                  .map(_ -> since(position))
                  .filter(ByteString::nonEmpty);
            })
        .mapMaterializedValue(_ -> NotUsed.getInstance());
  }

  @Override
  public CompletionStage<Sink<ByteString, CompletionStage<Done>>> input() {
    return CompletableFuture.completedFuture(Sink.foreach(this::print));
  }

  /** Prints as a guest would. */
  synchronized void print(ByteString bytes) {
    ByteString all = printed.concat(bytes);
    int tooMany = Math.max(0, all.size() - REPLAY_BYTES);
    printed = all.drop(tooMany);
    droppedBytes += tooMany;
  }

  private synchronized ByteString since(AtomicLong position) {
    long skip = Math.max(0, position.get() - droppedBytes);
    position.set(droppedBytes + printed.size());
    return printed.drop((int) skip);
  }
}
