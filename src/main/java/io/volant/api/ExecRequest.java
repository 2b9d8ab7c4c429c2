package io.volant.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.volant.model.FieldProblem;
import io.volant.vm.GuestCommand;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * A command as a script asks for it.
 *
 * @param command the command, without a terminal
 * @param stdin all of its input
 * @param timeout how long it may take
 */
record ExecRequest(GuestCommand command, ByteString stdin, Duration timeout) {

  private static final int TEXT_LENGTH_MAX = 1_024;
  private static final long TIMEOUT_MS = 60_000;

  /** What a query says, of a command that is talked to. */
  static GuestCommand read(QueryReader query) {
    boolean pty = query.flag("pty", false);
    int rows = size(query, "rows", GuestCommand.Screen.ROWS);
    int columns = size(query, "columns", GuestCommand.Screen.COLUMNS);
    String term = query.text("term", TEXT_LENGTH_MAX).orElse(GuestCommand.Screen.TERM);
    GuestCommand command =
        new GuestCommand(
            query.whole("command"),
            query.whole("env"),
            query.text("workdir", TEXT_LENGTH_MAX).orElse(null),
            query.text("user", TEXT_LENGTH_MAX).orElse(null),
            pty ? new GuestCommand.Screen(rows, columns, term) : null);
    query.check();
    return checked(command);
  }

  private static int size(QueryReader query, String name, int otherwise) {
    return (int) query.number(name, 1, GuestCommand.Screen.SIZE_MAX, otherwise);
  }

  /** What a body says that fits its schema. */
  static ExecRequest read(JsonNode body) {
    List<String> words = new ArrayList<>();
    body.path("command").forEach(word -> words.add(word.asText()));
    List<String> environment = new ArrayList<>();
    body.path("env")
        .properties()
        .forEach(entry -> environment.add(entry.getKey() + "=" + entry.getValue().asText()));
    GuestCommand command =
        new GuestCommand(words, environment, text(body, "workdir"), text(body, "user"), null);
    return new ExecRequest(
        checked(command),
        ByteString.fromString(body.path("stdin").asText(""), StandardCharsets.UTF_8),
        Duration.ofMillis(body.path("timeout_ms").asLong(TIMEOUT_MS)));
  }

  private static @Nullable String text(JsonNode body, String field) {
    JsonNode value = body.path(field);
    return value.isTextual() ? value.textValue() : null;
  }

  private static GuestCommand checked(GuestCommand command) {
    List<FieldProblem> problems = command.problems();
    if (!problems.isEmpty()) {
      throw Problem.ofFields(ErrorCode.INVALID_FIELD, problems).asException();
    }
    return command;
  }
}
