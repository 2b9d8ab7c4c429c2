package io.volant.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.volant.cli.http.ApiClient;
import io.volant.cli.http.ApiFailure;
import io.volant.cli.http.ApiPath;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "delete",
    aliases = "rm",
    description = "Deletes a deployment and its VMs, and waits until they are gone.")
final class DeploymentDelete implements Callable<Integer> {
  private static final Duration POLL_PAUSE = Duration.ofMillis(250);

  private final Session session;

  @Parameters(paramLabel = "NAME", description = "The deployment.")
  private String name = "";

  @Mixin private RolloutOptions wait = new RolloutOptions();

  DeploymentDelete(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws Exception {
    ApiClient api = session.api();
    JsonNode answer = api.beginDelete(ApiPath.of("deployments", name)).body();
    boolean gone = !answer.isObject(); // else it is still on its way
    long deadline = System.nanoTime() + wait.timeout().toNanos();
    while (!gone && !wait.noWait) {
      if (System.nanoTime() >= deadline) {
        return Volar.complain(
                session.terminal(),
                ExitCode.TIMEOUT,
                "'" + name + "' is not gone after " + wait.timeout().toSeconds() + " s; it goes on")
            .number();
      }
      TimeUnit.NANOSECONDS.sleep(POLL_PAUSE.toNanos());
      gone = isGone(api);
    }
    if (!session.wantsJson()) {
      session.terminal().print(name + (gone ? " is deleted" : " is being deleted"));
    }
    return ExitCode.OK.number();
  }

  private boolean isGone(ApiClient api) throws ApiFailure {
    try {
      api.get(ApiPath.of("deployments", name));
      return false;
    } catch (ApiFailure.Refused refused) {
      if (refused.status() == 404) {
        return true;
      }
      throw refused;
    }
  }
}
