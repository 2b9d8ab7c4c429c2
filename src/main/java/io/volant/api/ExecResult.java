package io.volant.api;

import io.volant.vm.CommandOutput;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/** Collects what a command says, as much as is allowed. For one stream. */
final class ExecResult {

  private static final int BYTES_MAX = 1 << 20;

  private final ByteArrayOutputStream stdout = new ByteArrayOutputStream();
  private final ByteArrayOutputStream stderr = new ByteArrayOutputStream();
  private boolean truncated;
  private @Nullable CommandOutput end;

  ExecResult() {}

  ExecResult add(CommandOutput output) {
    switch (output) {
      case CommandOutput.Started _ -> {}
      case CommandOutput.Stdout(ByteString bytes) -> append(stdout, bytes);
      case CommandOutput.Stderr(ByteString bytes) -> append(stderr, bytes);
      case CommandOutput.Complaint(String text) ->
          append(stderr, ByteString.fromString(text + "\n"));
      case CommandOutput.Exited _, CommandOutput.Killed _ -> end = output;
    }
    return this;
  }

  private void append(ByteArrayOutputStream to, ByteString bytes) {
    int room = BYTES_MAX - to.size();
    truncated |= bytes.size() > room;
    to.writeBytes(bytes.take(room).toArrayUnsafe());
  }

  HttpResponse answer() {
    return Answers.ok(json -> {
      json.writeStartObject();
      if (end instanceof CommandOutput.Exited(int code)) {
        json.writeNumberField("exit_code", code);
      } else if (end instanceof CommandOutput.Killed(int signal)) {
        json.writeNumberField("signal", signal);
      }
      json.writeStringField("stdout", stdout.toString(StandardCharsets.UTF_8));
      json.writeStringField("stderr", stderr.toString(StandardCharsets.UTF_8));
      json.writeBooleanField("truncated", truncated);
      json.writeEndObject();
    });
  }
}
