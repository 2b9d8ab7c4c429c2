package io.volant.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.volant.cli.http.ApiFailure;
import io.volant.cli.http.EventFollower;
import io.volant.cli.http.EventQuery;
import io.volant.cli.http.SseFrame;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "events",
    description =
        "Shows what happened to VMs (or to anything: --kinds), or with -f what happens from now on. A broken connection is resumed: no event is lost or"
            + " comes twice.")
final class EventsCommand implements Callable<Integer>, EventFollower.Listener {
  private final Session session;

  @Option(
      names = {"-f", "--follow"},
      description = "Go on with new events.")
  private boolean follow;

  @Option(
      names = "--after",
      paramLabel = "ID",
      description =
          "Begin after the event with this id; 0 is the beginning (default: 0, with -f the present).")
  private String after = "";

  @Option(
      names = "--types",
      paramLabel = "TYPES",
      description =
          "lifecycle (default); steps: the single steps too; all: with -f also the lines that VMs log.")
  private String types = "lifecycle";

  @Option(
      names = "--kinds",
      paramLabel = "KINDS",
      description =
          "Events of other things too: vm, plugin, network, deployment, host, or types such as plugin.installed, with"
              + " commas in between; or all.")
  private String kinds = "";

  EventsCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws Exception {
    String from = after.isEmpty() && !follow ? "0" : after;
    EventQuery query =
        kinds.isEmpty()
            ? EventQuery.ofVms(types, from, follow)
            : EventQuery.ofKinds(kinds, from, follow);
    new EventFollower(session.api(), query, EventFollower.Pause.PATIENT).run(this);
    return ExitCode.OK.number();
  }

  @Override
  public boolean onEvent(SseFrame event) {
    try {
      show(EventFollower.dataOf(event));
    } catch (IOException notJson) {
      session.terminal().complain("the event " + event.id() + " is " + notJson.getMessage());
    }
    return !follow || session.terminal().flushed();
  }

  @Override
  public void onLost(ApiFailure why) {
    session.terminal().complain(why.getMessage() + "; trying again");
  }

  private void show(JsonNode event) {
    Terminal terminal = session.terminal();
    if (session.wantsJson()) {
      terminal.print(event.toString());
      return;
    }
    String type = event.path("type").asText("");
    terminal.print(
        padded(event.path("id").asText(""), 6)
            + padded(event.path("timestamp").asText(""), 24)
            + terminal.paint(padded(type, 20), VmState.colourOf(event.path("status").asText("")))
            + padded(event.path("name").asText(""), 16)
            + terminal.safe(event.path(type.equals("VM_LOG") ? "line" : "message").asText("")));
  }

  /** Events come one at a time, so there is no widest one to align to. */
  private static String padded(String text, int width) {
    return text + " ".repeat(Math.max(0, width - text.length())) + "  ";
  }
}
