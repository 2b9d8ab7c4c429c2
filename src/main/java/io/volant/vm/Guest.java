package io.volant.vm;

import io.volant.model.VmId;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/**
 * The port to the agents in the guests. What comes from there is untrusted, bounded and checked.
 */
public interface Guest {

  /**
   * Keeps a link to the VM's agent, connecting again whenever it breaks, until {@link #close}. The
   * listener is called from another thread, at most 50 times a second over any second; a guest that
   * says more loses its link for a while, and nothing else. A second call for the same VM replaces
   * the first.
   */
  void open(VmId vmId, LinkAddress address, Consumer<GuestSignal> listener);

  /** Ends the link. Done at once where there is none. */
  void close(VmId vmId);

  /**
   * Asks the agent to stop the workload and power off.
   *
   * @return done when the agent has taken it, or a failure with {@link GuestException}
   */
  CompletionStage<Done> shutdown(VmId vmId);

  /**
   * A byte stream to a TCP port on the guest's loopback, for one use.
   *
   * @param port 1 to 65535
   * @return the stream, or a failure with {@link GuestException} (no link, connection refused)
   */
  CompletionStage<Flow<ByteString, ByteString, NotUsed>> tunnel(VmId vmId, int port);

  /**
   * The workload's log lines as the agent has kept them.
   *
   * @param fromSequence the first sequence number wanted; 0: the oldest kept
   * @param follow whether to go on as new lines come
   */
  CompletionStage<Source<GuestLogLine, NotUsed>> logs(VmId vmId, long fromSequence, boolean follow);
}
