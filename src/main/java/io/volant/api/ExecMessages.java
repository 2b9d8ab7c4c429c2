package io.volant.api;

import io.volant.vm.CommandInput;
import io.volant.vm.CommandOutput;
import java.nio.ByteOrder;
import java.util.List;
import org.apache.pekko.http.javadsl.model.ws.Message;
import org.apache.pekko.util.ByteString;

/**
 * The messages on the WebSocket of a command: the first byte says what it is. From the client: 0
 * input, 2 size of the terminal, 3 signal, 4 end of input. To it: 1 output, 2 output of errors, 5
 * the end as JSON.
 */
final class ExecMessages {

  private static final byte STDOUT = 1;
  private static final byte STDERR = 2;
  private static final byte END = 5;
  private static final int SIGNAL_MAX = 64;

  private ExecMessages() {}

  /**
   * What a client's message means.
   *
   * @throws IllegalArgumentException if it means nothing, with a text for the client
   */
  static CommandInput input(ByteString message) {
    if (message.isEmpty()) {
      throw new IllegalArgumentException("a message has its channel as the first byte");
    }
    ByteString rest = message.drop(1);
    return switch (message.head()) {
      case 0 -> new CommandInput.Stdin(rest);
      case 2 -> resize(rest);
      case 3 -> signal(rest);
      case 4 -> new CommandInput.StdinEnd();
      default ->
          throw new IllegalArgumentException(
              "the channel of a message is 0, 2, 3 or 4, not " + message.head());
    };
  }

  private static CommandInput resize(ByteString size) {
    if (size.size() == 4) {
      int rows = size.iterator().getShort(ByteOrder.BIG_ENDIAN) & 0xffff;
      int columns = size.drop(2).iterator().getShort(ByteOrder.BIG_ENDIAN) & 0xffff;
      if (rows > 0 && columns > 0) {
        return new CommandInput.Resize(rows, columns);
      }
    }
    throw new IllegalArgumentException("a size is rows and columns, two bytes each, 1 to 65535");
  }

  private static CommandInput signal(ByteString number) {
    if (number.size() == 1 && number.head() >= 1 && number.head() <= SIGNAL_MAX) {
      return new CommandInput.Kill(number.head());
    }
    throw new IllegalArgumentException("a signal is one byte, 1 to 64");
  }

  /** What the client is told of a word; a complaint comes as a line of the output of errors. */
  static List<Message> of(CommandOutput output) {
    return switch (output) {
      case CommandOutput.Started _ -> List.of();
      case CommandOutput.Stdout(ByteString bytes) -> List.of(message(STDOUT, bytes));
      case CommandOutput.Stderr(ByteString bytes) -> List.of(message(STDERR, bytes));
      case CommandOutput.Complaint(String text) ->
          List.of(message(STDERR, ByteString.fromString(text + "\n")));
      case CommandOutput.Exited(int code) -> List.of(end("code", code));
      case CommandOutput.Killed(int signal) -> List.of(end("signal", signal));
    };
  }

  /** The end when it is not the command's own. */
  static Message failed(String error) {
    return message(
        END,
        ByteString.fromArrayUnsafe(
            Answers.bytes(json -> {
              json.writeStartObject();
              json.writeStringField("error", error);
              json.writeEndObject();
            })));
  }

  private static Message end(String field, int number) {
    return message(
        END,
        ByteString.fromArrayUnsafe(
            Answers.bytes(json -> {
              json.writeStartObject();
              json.writeNumberField(field, number);
              json.writeEndObject();
            })));
  }

  private static Message message(byte channel, ByteString bytes) {
    return WebSockets.binary(ByteString.fromArrayUnsafe(new byte[] {channel}).concat(bytes));
  }
}
