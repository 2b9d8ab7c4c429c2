package io.volant.vm;

import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/**
 * The serial console of a running VM. What the guest prints is untrusted and may be anything; it is
 * bounded by how fast the reader reads.
 */
public interface SerialConsole {

  /** How much of what was printed before is shown to one who comes late, at most. */
  int REPLAY_BYTES = 64 * 1024;

  /**
   * What the guest has printed last, at most {@link #REPLAY_BYTES}, and then what it prints. Ends
   * with the VM's process. May be run any number of times at once; a slow reader holds up neither
   * the guest nor another reader, it misses a part, and is told how much.
   */
  Source<ByteString, NotUsed> output();

  /**
   * The guest's keyboard, for one user at a time.
   *
   * @return where to write, for one use; or a failure with {@link GuestException}
   */
  CompletionStage<Sink<ByteString, CompletionStage<Done>>> input();
}
