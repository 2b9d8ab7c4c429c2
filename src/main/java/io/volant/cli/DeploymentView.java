package io.volant.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.volant.cli.TextTable.Cell;
import java.time.Instant;
import java.util.List;

/** Deployments as tables and lines. */
final class DeploymentView {

  private DeploymentView() {}

  static void list(JsonNode deployments, Terminal terminal, Instant now) {
    TextTable table = new TextTable();
    table.heading("NAME", "READY", "ROLLOUT", "REVISION", "PLUGIN", "AGE");
    for (JsonNode deployment : deployments) {
      table.row(
          List.of(
              Cell.of(text(deployment, "/name", terminal)),
              Cell.of(ready(deployment)),
              state(deployment, terminal),
              Cell.of(text(deployment, "/revision", terminal)),
              Cell.of(text(deployment, "/config/plugin", terminal)),
              Cell.of(Age.of(deployment.path("created_at").asText(""), now))));
    }
    table.printTo(terminal);
  }

  static void details(JsonNode deployment, Terminal terminal) {
    TextTable table = new TextTable();
    table.row("name", text(deployment, "/name", terminal));
    table.row("ready", ready(deployment));
    table.row(List.of(Cell.of("rollout"), state(deployment, terminal)));
    table.row("revision", text(deployment, "/revision", terminal));
    table.row("updated", text(deployment, "/rollout/updated", terminal));
    table.row("max_unavailable", text(deployment, "/max_unavailable", terminal));
    table.row("plugin", text(deployment, "/config/plugin", terminal));
    table.row("created_at", text(deployment, "/created_at", terminal));
    table.row("updated_at", text(deployment, "/updated_at", terminal));
    if (!deployment.at("/rollout/message").asText("").isEmpty()) {
      table.row("message", text(deployment, "/rollout/message", terminal));
    }
    table.printTo(terminal);
    if (!deployment.path("replicas").isEmpty()) {
      terminal.print("");
      replicas(deployment, terminal);
    }
  }

  private static void replicas(JsonNode deployment, Terminal terminal) {
    TextTable table = new TextTable();
    table.heading("REPLICA", "STATUS", "HEALTH", "REVISION", "MESSAGE");
    for (JsonNode replica : deployment.path("replicas")) {
      table.row(
          List.of(
              Cell.of(text(replica, "/name", terminal)),
              word(replica, "/status", terminal),
              word(replica, "/health", terminal),
              Cell.of(text(replica, "/revision", terminal)),
              Cell.of(text(replica, "/message", terminal))));
    }
    table.printTo(terminal);
  }

  /** How far it is, in one line. */
  static String progress(JsonNode deployment) {
    String message = deployment.at("/rollout/message").asText("");
    return deployment.path("ready_replicas").asText()
        + " of "
        + deployment.path("desired_replicas").asText()
        + " ready, "
        + deployment.at("/rollout/updated").asText()
        + " with revision "
        + deployment.path("revision").asText()
        + (message.isEmpty() ? "" : "; " + message);
  }

  private static String ready(JsonNode deployment) {
    return deployment.path("ready_replicas").asText()
        + "/"
        + deployment.path("desired_replicas").asText();
  }

  private static Cell state(JsonNode deployment, Terminal terminal) {
    String state = text(deployment, "/rollout/state", terminal);
    Terminal.Colour colour =
        switch (state) {
          case "complete" -> Terminal.Colour.GREEN;
          case "failed" -> Terminal.Colour.RED;
          default -> Terminal.Colour.YELLOW;
        };
    return new Cell(state, terminal.paint(state, colour));
  }

  private static Cell word(JsonNode replica, String place, Terminal terminal) {
    String word = text(replica, place, terminal);
    return new Cell(word, terminal.paint(word, VmState.colourOf(word)));
  }

  private static String text(JsonNode json, String place, Terminal terminal) {
    String text = terminal.safe(json.at(place).asText(""));
    return text.isEmpty() ? "-" : text;
  }
}
