package io.volant.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.volant.cli.http.ApiClient;
import io.volant.cli.http.ApiFailure;
import io.volant.cli.http.ApiPath;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Sends a change of a VM's config and tells what came of it. */
final class VmConfigChange {

  /** The daemon may have to fetch a boot medium first. */
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private final Session session;
  private final String name;

  VmConfigChange(Session session, String name) {
    this.session = session;
    this.name = name;
  }

  static ApiPath path(String name) {
    return ApiPath.of("vms", name, "config");
  }

  /**
   * Sends it.
   *
   * @param version that it is for; null: whichever is the newest
   * @return the daemon's answer
   */
  JsonNode send(ObjectNode change, @Nullable Integer version) throws CliFailure, ApiFailure {
    ApiClient api = session.api();
    Map<String, String> headers =
        version == null ? Map.of() : Map.of("If-Match", "\"" + version + "\"");
    return api.patch(path(name), change, headers, PATIENCE).body();
  }

  void tell(JsonNode answer) {
    Terminal terminal = session.terminal();
    if (session.wantsJson()) {
      terminal.printJson(answer);
      return;
    }
    String version = answer.path("version").asText("?");
    JsonNode changes = answer.path("changes");
    terminal.print(
        changes.isEmpty()
            ? name + " is configured so already, version " + version
            : name + " has version " + version + " of its config");
    TextTable table = new TextTable();
    boolean later = false;
    for (JsonNode change : changes) {
      boolean now = change.path("applies").asText("").equals("now");
      later |= !now;
      table.row(
          "  " + terminal.safe(change.path("field").asText("")), now ? "now" : "at its next start");
    }
    table.printTo(terminal);
    if (later && answer.has("running_version")) {
      terminal.print(
          "It runs with version " + answer.path("running_version").asText() + " until then.");
    }
  }
}
