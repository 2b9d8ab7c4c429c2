package io.volant.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.volant.cli.http.ApiClient;
import io.volant.cli.http.ApiFailure;
import io.volant.cli.http.ApiPath;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Waits until a deployment is as it shall be, shows how far it is, and tells how it went. */
final class RolloutWait {
  private static final Duration POLL_PAUSE = Duration.ofMillis(250);

  private final Session session;
  private final RolloutOptions options;
  private String shown = "";

  RolloutWait(Session session, RolloutOptions options) {
    this.session = session;
    this.options = options;
  }

  /** The end of a command that was answered with this deployment. */
  ExitCode finish(JsonNode answered) throws CliFailure, ApiFailure, InterruptedException {
    JsonNode deployment = answered;
    if (!options.noWait) {
      String name = answered.path("name").asText();
      long deadline = System.nanoTime() + options.timeout().toNanos();
      show(deployment);
      while (!isOver(deployment) && System.nanoTime() < deadline) {
        TimeUnit.NANOSECONDS.sleep(POLL_PAUSE.toNanos());
        deployment = look(name, deployment, deadline);
        show(deployment);
      }
    }
    return tell(deployment);
  }

  private JsonNode look(String name, JsonNode before, long deadline) throws CliFailure, ApiFailure {
    ApiClient api = session.api();
    try {
      return api.get(ApiPath.of("deployments", name)).body();
    } catch (ApiFailure.Unreachable | ApiFailure.Lost away) { // the daemon may come back
      if (System.nanoTime() >= deadline) {
        throw away;
      }
      return before;
    }
  }

  private void show(JsonNode deployment) {
    String line = DeploymentView.progress(deployment);
    if (!session.wantsJson() && !line.equals(shown)) {
      shown = line;
      session.terminal().tell("  " + session.terminal().safe(line));
    }
  }

  private static boolean isOver(JsonNode deployment) {
    return isFailed(deployment) || isThrough(deployment);
  }

  private static boolean isFailed(JsonNode deployment) {
    return deployment.at("/rollout/state").asText().equals("failed");
  }

  private static boolean isThrough(JsonNode deployment) {
    int desired = deployment.path("desired_replicas").asInt();
    return deployment.at("/rollout/state").asText().equals("complete")
        && deployment.path("ready_replicas").asInt() == desired
        && deployment.path("replicas").size() == desired;
  }

  private ExitCode tell(JsonNode deployment) {
    Terminal terminal = session.terminal();
    if (session.wantsJson()) {
      terminal.printJson(deployment);
    }
    String name = deployment.path("name").asText();
    if (options.noWait || isThrough(deployment)) {
      if (!session.wantsJson()) {
        terminal.print(name + " has " + DeploymentView.progress(deployment));
      }
      return ExitCode.OK;
    }
    if (isFailed(deployment)) {
      return Volar.complain(
          terminal,
          ExitCode.VM_FAILED,
          "the rollout of '"
              + name
              + "' failed: "
              + deployment.at("/rollout/message").asText()
              + ". Go back with 'volar deployments rollback "
              + name
              + "'.");
    }
    return Volar.complain(
        terminal,
        ExitCode.TIMEOUT,
        "'"
            + name
            + "' is not there after "
            + options.timeout().toSeconds()
            + " s ("
            + DeploymentView.progress(deployment)
            + "); it goes on. Look at it with 'volar deployments rollout status "
            + name
            + "'.");
  }
}
