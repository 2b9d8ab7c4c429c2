package io.volant.cli;

import io.volant.cli.http.ApiPath;
import io.volant.cli.http.Json;
import io.volant.cli.http.RawAnswer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "call",
    description = "Calls an operation of the workload of a VM, and prints what it answers.")
final class VmCall implements Callable<Integer> {
  private static final Pattern PLACEHOLDER = Pattern.compile("\\{([^{}/]+)}");
  private static final int TIMEOUT_SECONDS_MAX = 3_600;

  private final Session session;

  @Parameters(index = "0", paramLabel = "VM", description = "The VM.")
  private String name = "";

  @Parameters(
      index = "1",
      paramLabel = "OPERATION",
      description = "The operation's id (volar vms operations VM lists them).")
  private String operation = "";

  @Option(
      names = "--query",
      paramLabel = "KEY=VALUE",
      description = "A parameter; one that the path has a place for goes there. Repeatable.")
  private Map<String, String> query = new LinkedHashMap<>();

  @Option(names = "--body", paramLabel = "JSON", description = "The body.")
  private @Nullable String body;

  @Option(names = "--body-file", paramLabel = "FILE", description = "A file with the body.")
  private @Nullable Path bodyFile;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      description = "Wait so long at most (1 to 3600, default ${DEFAULT-VALUE}).")
  private int timeoutSeconds = 30;

  VmCall(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws Exception {
    if (timeoutSeconds < 1 || timeoutSeconds > TIMEOUT_SECONDS_MAX) {
      throw new CliFailure(
          ExitCode.USAGE, "--timeout must be 1 to " + TIMEOUT_SECONDS_MAX + " seconds");
    }
    String text = body();
    Operation wanted =
        find(Operation.in(session.api().get(ApiPath.of("vms", name, "openapi")).body()));
    RawAnswer answer =
        session.api().call(wanted.method(), path(wanted), text, Duration.ofSeconds(timeoutSeconds));
    print(answer.body());
    return ExitCode.OK.number();
  }

  private @Nullable String body() throws CliFailure {
    if (body != null && bodyFile != null) {
      throw new CliFailure(ExitCode.USAGE, "--body and --body-file exclude each other");
    }
    return bodyFile == null ? body : new String(JsonFile.read(bodyFile), StandardCharsets.UTF_8);
  }

  private Operation find(List<Operation> all) throws CliFailure {
    for (Operation each : all) {
      if (each.id().equals(operation)) {
        return each;
      }
    }
    throw new CliFailure(
        ExitCode.NOT_FOUND,
        "the workload of '"
            + name
            + "' has no operation '"
            + operation
            + "'; 'volar vms operations "
            + name
            + "' lists them");
  }

  private ApiPath path(Operation wanted) throws CliFailure {
    Map<String, String> left = new LinkedHashMap<>(query);
    StringBuilder place = new StringBuilder();
    Matcher places = PLACEHOLDER.matcher(wanted.path());
    int from = 0;
    while (places.find()) {
      String key = places.group(1);
      String value = left.remove(key);
      if (value == null) {
        throw new CliFailure(
            ExitCode.USAGE,
            wanted.id() + " needs --query " + key + "=…: its path is " + wanted.path());
      }
      place.append(escaped(wanted.path().substring(from, places.start())));
      place.append(ApiPath.encode(value));
      from = places.end();
    }
    place.append(escaped(wanted.path().substring(from)));
    // a first part v1 would be taken for the version of the agent, and left out
    String agent = place.toString().matches("/v1(/.*)?") ? "/agent/v1" : "/agent";
    ApiPath path = ApiPath.of("vms", name).then(agent + place);
    for (Map.Entry<String, String> parameter : left.entrySet()) {
      path = path.with(parameter.getKey(), parameter.getValue());
    }
    return path;
  }

  /** What a stranger's description may not do: end the path, or the line of the request. */
  private static String escaped(String part) {
    return String.join(
        "/",
        List.of(part.split("/", -1)).stream()
            .map(each -> each.isEmpty() ? each : ApiPath.encode(each))
            .toList());
  }

  private void print(String text) {
    Terminal terminal = session.terminal();
    if (session.wantsJson()) {
      try {
        terminal.printJson(Json.parse(text));
        return;
      } catch (IOException notJson) {
        // printed as it is
      }
    }
    String[] lines = text.split("\n", -1);
    int count = text.endsWith("\n") || text.isEmpty() ? lines.length - 1 : lines.length;
    for (int i = 0; i < count; i++) {
      terminal.print(terminal.safe(lines[i]));
    }
  }
}
