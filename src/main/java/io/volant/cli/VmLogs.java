package io.volant.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.volant.cli.http.ApiClient;
import io.volant.cli.http.ApiFailure;
import io.volant.cli.http.ApiPath;
import io.volant.cli.http.Json;
import io.volant.cli.http.LineStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "logs", description = "Shows what the workload of a VM prints.")
final class VmLogs implements Callable<Integer> {
  /**
   * A workload may have nothing to say for days; the TCP connection alone tells whether the daemon
   * is there.
   */
  private static final Duration ENDLESS = Duration.ZERO;

  private static final Duration RECONNECT_PAUSE = Duration.ofMillis(500);
  private static final int RECONNECTS = 60;

  private final Session session;

  @Parameters(paramLabel = "NAME", description = "The VM.")
  private String name = "";

  @Option(
      names = {"-f", "--follow"},
      description = "Go on with new lines until the VM ends.")
  private boolean follow;

  @Option(names = "--from", paramLabel = "SEQ", description = "Begin with the line of this number.")
  private long from;

  @Option(
      names = {"-t", "--timestamps"},
      description = "Show time and stream of each line.")
  private boolean timestamps;

  VmLogs(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws Exception {
    ApiClient api = session.api();
    int failures = -1;
    while (true) {
      try (LineStream lines = open(api)) {
        failures = 0;
        show(lines);
        return ExitCode.OK.number();
      } catch (ApiFailure.Unreachable | ApiFailure.Lost away) {
        // Before the first connection nothing was seen, so there is nothing to go on with.
        if (!follow || failures < 0 || ++failures > RECONNECTS) {
          throw away;
        }
      }
      Thread.sleep(RECONNECT_PAUSE);
    }
  }

  private LineStream open(ApiClient api) throws ApiFailure {
    ApiPath path = ApiPath.of("vms", name, "logs").with("from", from).with("follow", follow);
    return api.stream(path, Map.of(), follow ? ENDLESS : ApiClient.PATIENCE);
  }

  private void show(LineStream lines) throws ApiFailure {
    for (String line = lines.next(); line != null; line = lines.next()) {
      try {
        JsonNode json = Json.parse(line);
        show(line, json);
        // After a break the next line is asked for, so that none comes twice.
        from = json.path("seq").asLong(from) + 1;
      } catch (IOException notJson) {
        session.terminal().complain("a line of the log is " + notJson.getMessage());
      }
      if (follow && !session.terminal().flushed()) {
        return;
      }
    }
  }

  private void show(String line, JsonNode json) {
    Terminal terminal = session.terminal();
    if (session.wantsJson()) {
      terminal.print(line);
      return;
    }
    String stream = json.path("stream").asText("");
    String text = terminal.safe(json.path("line").asText(""));
    String prefix = timestamps ? json.path("timestamp").asText("") + " " + stream + " " : "";
    Terminal.Colour colour =
        stream.equals("stderr") ? Terminal.Colour.YELLOW : Terminal.Colour.GREY;
    terminal.print(prefix + (stream.equals("stdout") ? text : terminal.paint(text, colour)));
  }
}
