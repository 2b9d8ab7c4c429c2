package io.volant.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.volant.cli.http.ApiFailure;
import io.volant.cli.http.ApiPath;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "top",
    description = "Shows what VMs use of the host, the busiest first, until Ctrl-C.")
final class Top implements Callable<Integer> {

  private static final double INTERVAL_SECONDS_MIN = 0.1;
  private static final double INTERVAL_SECONDS_MAX = 3_600;
  private static final String CLEAR = "\u001b[H\u001b[J";

  /** Of a terminal: the host's line, an empty one, the heading, and where the cursor stands. */
  private static final int LINES_BESIDE = 4;

  private final Session session;

  @Option(
      names = {"-d", "--interval"},
      paramLabel = "SECONDS",
      description = "How long between two looks (0.1 to 3600, default ${DEFAULT-VALUE}).")
  private double intervalSeconds = 2;

  @Option(
      names = {"-n", "--count"},
      paramLabel = "N",
      description = "End after so many (default: one where the output is no terminal).")
  private @Nullable Integer count;

  Top(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws Exception {
    if (!(intervalSeconds >= INTERVAL_SECONDS_MIN && intervalSeconds <= INTERVAL_SECONDS_MAX)) {
      throw new CliFailure(ExitCode.USAGE, "--interval is from 0.1 to 3600 seconds");
    }
    if (count != null && count < 1) {
      throw new CliFailure(ExitCode.USAGE, "--count is 1 or more");
    }
    Terminal terminal = session.terminal();
    if (session.wantsJson()) {
      terminal.printJson(usage());
      return ExitCode.OK.number();
    }
    int looks = count != null ? count : terminal.interactive() ? Integer.MAX_VALUE : 1;
    JsonNode before = usage();
    for (int look = 0; look < looks && terminal.flushed(); look++) {
      Thread.sleep(Math.round(intervalSeconds * 1_000));
      JsonNode host = session.api().get(ApiPath.of("system", "status")).body();
      JsonNode now = usage();
      show(host, new UsageView(before, now));
      before = now;
    }
    return ExitCode.OK.number();
  }

  private JsonNode usage() throws ApiFailure, CliFailure {
    return session.api().get(ApiPath.of("system", "usage")).body();
  }

  private void show(JsonNode host, UsageView view) {
    Terminal terminal = session.terminal();
    int rows = Integer.MAX_VALUE;
    if (terminal.interactive()) {
      terminal.out().print(CLEAR);
      Optional<Stty.Size> size = Stty.size();
      rows = size.map(it -> Math.max(1, it.rows() - LINES_BESIDE)).orElse(rows);
    }
    terminal.print(
        "host: cpu %.0f %%, memory %.0f %%; %s VMs, %d with a process"
            .formatted(
                host.path("cpu_percent").asDouble(),
                host.path("mem_percent").asDouble(),
                host.path("vm_count").asText("?"),
                view.size()));
    terminal.print("");
    view.print(terminal, rows);
  }
}
