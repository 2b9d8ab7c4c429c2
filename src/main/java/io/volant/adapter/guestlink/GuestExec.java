package io.volant.adapter.guestlink;

import io.volant.vm.CommandInput;
import io.volant.vm.CommandOutput;
import io.volant.vm.GuestCommand;
import io.volant.vm.GuestException;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pekko.NotUsed;
import org.apache.pekko.japi.pf.PFBuilder;
import org.apache.pekko.stream.Graph;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.SharedKillSwitch;
import org.apache.pekko.stream.SourceShape;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/** One command in a guest: typed words at our side, frames at the guest's. For one use. */
final class GuestExec {

  private final CommandFrames frames = new CommandFrames();
  private final SharedKillSwitch input = KillSwitches.shared("guest-exec-input");

  /** What the agent said last of the command, and whether it has ended. */
  private final AtomicReference<@Nullable CommandOutput> last = new AtomicReference<>();

  private final SharedKillSwitch output = KillSwitches.shared("guest-exec-output");

  private boolean inputEnded;

  private GuestExec() {}

  /** The command over bytes that lead to the agent's {@code /v1/exec}. */
  static Flow<CommandInput, CommandOutput, NotUsed> over(
      Flow<ByteString, ByteString, NotUsed> bytes, GuestCommand command) {
    return new GuestExec().flow(bytes, command);
  }

  private Flow<CommandInput, CommandOutput, NotUsed> flow(
      Flow<ByteString, ByteString, NotUsed> bytes, GuestCommand command) {
    return Flow.of(CommandInput.class)
        .recoverWithRetries(
            1,
            new PFBuilder<Throwable, Graph<SourceShape<CommandInput>, NotUsed>>()
                .matchAny(this::abort)
                .build())
        .concat(Source.single(new CommandInput.StdinEnd()))
        .mapConcat(this::told)
        .prepend(Source.single(CommandFrames.start(command)))
        // The request stays open, so that a command can be hung up whose input has ended.
        .concat(Source.maybe())
        .via(input.flow())
        .concatLazy(Source.lazySource(this::lastFrame))
        .via(bytes)
        .via(new Drain(input::shutdown))
        .mapConcat(this::heard)
        .takeWhile(word -> !word.isLast(), true)
        .concatLazy(Source.lazySource(this::end))
        .via(output.flow())
        .mapError(Throwable.class, GuestExec::explained)
        .mapMaterializedValue(ignored -> NotUsed.getInstance());
  }

  private List<ByteString> told(CommandInput word) {
    boolean again = word instanceof CommandInput.StdinEnd && inputEnded;
    inputEnded |= word instanceof CommandInput.StdinEnd;
    return again ? List.of() : CommandFrames.of(word);
  }

  private Source<CommandInput, NotUsed> abort(Throwable failure) {
    output.abort(failure);
    return Source.empty();
  }

  /** What makes the agent hang up a command that still runs; see {@link Drain} for why no reset. */
  private Source<ByteString, NotUsed> lastFrame() {
    CommandOutput word = last.get();
    return word != null && word.isLast() ? Source.empty() : Source.single(CommandFrames.hangUp());
  }

  private List<CommandOutput> heard(ByteString bytes) {
    List<CommandOutput> words = frames.take(bytes);
    if (!words.isEmpty()) {
      last.set(words.getLast());
    }
    return words;
  }

  private Source<CommandOutput, NotUsed> end() {
    CommandOutput word = last.get();
    if (word != null && word.isLast()) {
      return Source.empty();
    }
    String why =
        word instanceof CommandOutput.Complaint(String message)
            ? message
            : "the VM's agent broke off the command";
    return Source.failed(new GuestException(why));
  }

  private static Throwable explained(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return switch (cause) {
      case GuestException known -> known;
      case BrokenRules rules ->
          new GuestException("the VM's agent broke the rules of a command: " + rules.getMessage());
      default -> new GuestException("the command's connection broke: " + cause.getMessage());
    };
  }
}
