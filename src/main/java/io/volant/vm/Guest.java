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

  /** As a line's number: none that is there yet. */
  long LINES_TO_COME = Long.MAX_VALUE;

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
   * @param fromSequence the first sequence number wanted; 0: the oldest kept; where there is no
   *     such line yet, such as {@link #LINES_TO_COME}: the next new one
   * @param follow whether to go on as new lines come
   */
  CompletionStage<Source<GuestLogLine, NotUsed>> logs(VmId vmId, long fromSequence, boolean follow);

  /**
   * Runs a command in the guest, for one use. What goes in and comes out is not buffered beyond a
   * few hundred KiB: who does not read stops the command. The command is hung up when the flow is
   * cancelled; the flow fails with {@link GuestException} when the link breaks or the agent breaks
   * the rules, and else ends after the word that is the last.
   */
  CompletionStage<Flow<CommandInput, CommandOutput, NotUsed>> exec(VmId vmId, GuestCommand command);

  /**
   * A file or tree of the guest as a tar archive, for one use.
   *
   * @param path absolute, without {@code .} and {@code ..}, at most 1024 bytes
   * @param follow whether a symbolic link at the path itself is followed
   * @return the archive, which fails unless it is complete; or a failure with {@link
   *     GuestException}
   */
  CompletionStage<Source<ByteString, NotUsed>> readFiles(VmId vmId, String path, boolean follow);

  /**
   * Unpacks a tar archive below a folder of the guest.
   *
   * @param folder absolute, without {@code .} and {@code ..}, at most 1024 bytes
   * @param makeFolder whether the folder is made where it is missing
   * @param archive always run or cancelled
   * @return done when everything is there, or a failure with {@link GuestException}
   */
  CompletionStage<Done> writeFiles(
      VmId vmId, String folder, boolean makeFolder, Source<ByteString, ?> archive);
}
