package io.volant.adapter.guestlink;

import io.volant.vm.CommandInput;
import io.volant.vm.CommandOutput;
import io.volant.vm.GuestCommand;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.util.ByteString;
import org.apache.pekko.util.ByteStringBuilder;

/**
 * The frames of one command, as {@code kestrel/PROTOCOL.md} says: written for the guest, and read
 * from it. Reading is for one stream.
 */
final class CommandFrames {

  /** Small, so that a signal does not wait behind much of an input that nobody takes. */
  private static final int STDIN_BYTES_MAX = 16 * 1024;

  private static final int PAYLOAD_BYTES_MAX = 64 * 1024;
  private static final int HEAD_BYTES = 5;
  private static final int MESSAGE_LENGTH_MAX = 250;

  private static final int START = 0x01;
  private static final int STDIN = 0x02;
  private static final int STDIN_END = 0x03;
  private static final int RESIZE = 0x04;
  private static final int SIGNAL = 0x05;
  private static final int STARTED = 0x11;
  private static final int STDOUT = 0x12;
  private static final int STDERR = 0x13;
  private static final int EXIT = 0x14;
  private static final int ERROR = 0x15;

  private ByteString pending = ByteString.emptyByteString();

  CommandFrames() {}

  /** The first frame. */
  static ByteString start(GuestCommand command) {
    StringBuilder records = new StringBuilder();
    command.words().forEach(word -> record(records, "arg", word));
    command.environment().forEach(entry -> record(records, "env", entry));
    if (command.folder() != null) {
      record(records, "workdir", command.folder());
    }
    if (command.user() != null) {
      record(records, "user", command.user());
    }
    GuestCommand.Screen screen = command.screen();
    if (screen != null) {
      record(records, "pty", "1");
      record(records, "rows", Integer.toString(screen.rows()));
      record(records, "columns", Integer.toString(screen.columns()));
      record(records, "term", screen.term());
    }
    return frame(START, ByteString.fromString(records.toString()));
  }

  private static void record(StringBuilder records, String key, String value) {
    records.append(key).append('=').append(value).append('\0');
  }

  /** The frames for a word to the command. */
  static List<ByteString> of(CommandInput input) {
    return switch (input) {
      case CommandInput.Stdin(ByteString bytes) -> stdin(bytes);
      case CommandInput.StdinEnd() -> List.of(frame(STDIN_END, ByteString.emptyByteString()));
      case CommandInput.Resize(int rows, int columns) ->
          List.of(
              frame(
                  RESIZE,
                  new ByteStringBuilder()
                      .putShort(rows, ByteOrder.BIG_ENDIAN)
                      .putShort(columns, ByteOrder.BIG_ENDIAN)
                      .result()));
      case CommandInput.Kill(int signal) ->
          List.of(frame(SIGNAL, ByteString.fromArrayUnsafe(new byte[] {(byte) signal})));
    };
  }

  /** A frame against the rules: the agent hangs up the command over it. */
  static ByteString hangUp() {
    return frame(0, ByteString.emptyByteString());
  }

  private static List<ByteString> stdin(ByteString bytes) {
    List<ByteString> frames = new ArrayList<>();
    for (ByteString rest = bytes; !rest.isEmpty(); rest = rest.drop(STDIN_BYTES_MAX)) {
      frames.add(frame(STDIN, rest.take(STDIN_BYTES_MAX)));
    }
    return frames;
  }

  private static ByteString frame(int type, ByteString payload) {
    return new ByteStringBuilder()
        .putByte((byte) type)
        .putInt(payload.size(), ByteOrder.BIG_ENDIAN)
        .result()
        .concat(payload);
  }

  /**
   * What the guest says with these bytes and those before them.
   *
   * @throws BrokenRules if it is not what the protocol says
   */
  List<CommandOutput> take(ByteString bytes) {
    pending = pending.concat(bytes);
    List<CommandOutput> words = new ArrayList<>();
    while (pending.size() >= HEAD_BYTES) {
      int length = pending.iterator().drop(1).getInt(ByteOrder.BIG_ENDIAN);
      if (length < 0 || length > PAYLOAD_BYTES_MAX) {
        throw new BrokenRules("a frame of a command that is longer than 64 KiB");
      }
      if (pending.size() < HEAD_BYTES + length) {
        break;
      }
      int type = pending.head() & 0xff;
      words.add(word(type, pending.slice(HEAD_BYTES, HEAD_BYTES + length)));
      pending = pending.drop(HEAD_BYTES + length).compact();
    }
    return words;
  }

  private static CommandOutput word(int type, ByteString payload) {
    return switch (type) {
      case STARTED -> {
        checkLength(payload, 4);
        yield new CommandOutput.Started(
            Integer.toUnsignedLong(payload.iterator().getInt(ByteOrder.BIG_ENDIAN)));
      }
      case STDOUT -> new CommandOutput.Stdout(payload);
      case STDERR -> new CommandOutput.Stderr(payload);
      case EXIT -> {
        checkLength(payload, 2);
        int number = payload.apply(1) & 0xff;
        yield switch (payload.head()) {
          case 0 -> new CommandOutput.Exited(number);
          case 1 -> new CommandOutput.Killed(number);
          default -> throw new BrokenRules("a command that ended in no known way");
        };
      }
      case ERROR -> new CommandOutput.Complaint(complaint(payload));
      default -> throw new BrokenRules("a frame of a command with the unknown type " + type);
    };
  }

  private static String complaint(ByteString payload) {
    String message = Refusal.printable(payload.utf8String());
    return message.length() <= MESSAGE_LENGTH_MAX
        ? message
        : message.substring(0, MESSAGE_LENGTH_MAX);
  }

  private static void checkLength(ByteString payload, int length) {
    if (payload.size() != length) {
      throw new BrokenRules("a frame of a command that has not the length of its type");
    }
  }
}
