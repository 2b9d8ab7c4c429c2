package io.volant.adapter.simulated;

import io.volant.vm.CommandInput;
import io.volant.vm.CommandOutput;
import io.volant.vm.GuestCommand;
import java.util.List;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/**
 * The commands that a simulated guest knows: {@code echo WORD…}, {@code fail WORD…} (to the output
 * of errors, ends with 3), {@code cat} (gives its input back, tells resizes, and ends with it or by
 * a signal). Any other is not found.
 */
final class SimulatedCommand {

  private static final int NOT_FOUND = 127;
  private static final int FAILED = 3;

  private SimulatedCommand() {}

  static Flow<CommandInput, CommandOutput, NotUsed> of(GuestCommand command) {
    List<String> words = command.words();
    ByteString said =
        ByteString.fromString(String.join(" ", words.subList(1, words.size())) + "\n");
    return switch (words.getFirst()) {
      case "echo" ->
          saying(
              new CommandOutput.Started(1),
              new CommandOutput.Stdout(said),
              new CommandOutput.Exited(0));
      case "fail" ->
          saying(
              new CommandOutput.Started(1),
              new CommandOutput.Stderr(said),
              new CommandOutput.Exited(FAILED));
      case "cat" -> cat();
      default ->
          saying(
              new CommandOutput.Complaint("there is no " + words.getFirst() + " here"),
              new CommandOutput.Exited(NOT_FOUND));
    };
  }

  private static Flow<CommandInput, CommandOutput, NotUsed> saying(CommandOutput... words) {
    return Flow.of(CommandInput.class)
        .filter(word -> false)
        .map(word -> words[0])
        .mergePreferred(Source.from(List.of(words)), true, false)
        .takeWhile(word -> !word.isLast(), true);
  }

  private static Flow<CommandInput, CommandOutput, NotUsed> cat() {
    return Flow.of(CommandInput.class)
        .map(SimulatedCommand::echoed)
        .prepend(Source.single(new CommandOutput.Started(1)))
        .concat(Source.single(new CommandOutput.Exited(0)))
        .takeWhile(word -> !word.isLast(), true);
  }

  private static CommandOutput echoed(CommandInput input) {
    return switch (input) {
      case CommandInput.Stdin(ByteString bytes) -> new CommandOutput.Stdout(bytes);
      case CommandInput.StdinEnd() -> new CommandOutput.Exited(0);
      case CommandInput.Resize(int rows, int columns) ->
          new CommandOutput.Stdout(ByteString.fromString(rows + "x" + columns + "\n"));
      case CommandInput.Kill(int signal) -> new CommandOutput.Killed(signal);
    };
  }
}
