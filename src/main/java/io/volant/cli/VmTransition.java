package io.volant.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.volant.cli.http.ApiAnswer;
import io.volant.cli.http.ApiClient;
import io.volant.cli.http.ApiFailure;
import io.volant.cli.http.ApiPath;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Asks for a change of a VM's state, waits until it is there, and tells how it went. The daemon
 * does the waiting; if the connection breaks meanwhile (a restart of the daemon), the VM is asked
 * for until the time is over.
 */
final class VmTransition {
  private static final Duration POLL_PAUSE = Duration.ofMillis(500);
  private static final int CONSOLE_LINES = 10;

  private final Session session;
  private final WaitOptions wait;
  private final String name;
  private final String goal;

  /**
   * @param goal {@code running}, {@code healthy} or {@code stopped}
   */
  VmTransition(Session session, WaitOptions wait, String name, String goal) {
    this.session = session;
    this.wait = wait;
    this.name = name;
    this.goal = goal;
  }

  ExitCode post(ApiPath path, @Nullable JsonNode body)
      throws CliFailure, ApiFailure, InterruptedException {
    ApiClient api = session.api();
    boolean steps = !wait.noWait && !session.wantsJson() && !goal.equals("stopped");
    StepFeed feed = steps ? StepFeed.open(api, name, session.terminal()) : null;
    long deadline = System.nanoTime() + wait.timeout().toNanos();
    JsonNode vm;
    String outcome;
    try {
      ApiAnswer answer = api.post(wait.addTo(path, goal), body, wait.patience());
      vm = answer.body();
      outcome = answer.header("X-Volant-Wait").orElse("");
    } catch (ApiFailure.Lost lost) {
      vm = poll(api, deadline, lost);
      outcome = "";
    } finally {
      if (feed != null) {
        feed.finish();
      }
    }
    return tell(vm, outcome, System.nanoTime() >= deadline);
  }

  /** Looks at the VM until it is where it should be, or the time is over. */
  private JsonNode poll(ApiClient api, long deadline, ApiFailure.Lost lost)
      throws ApiFailure, InterruptedException {
    if (wait.noWait) {
      throw lost;
    }
    while (true) {
      try {
        JsonNode vm = api.get(ApiPath.of("vms", name)).body();
        VmState state = VmState.of(vm);
        if (state.reached(goal) || state.failed(goal) || System.nanoTime() >= deadline) {
          return vm;
        }
      } catch (ApiFailure.Unreachable | ApiFailure.Lost stillAway) {
        if (System.nanoTime() >= deadline) {
          throw stillAway;
        }
      }
      TimeUnit.NANOSECONDS.sleep(POLL_PAUSE.toNanos());
    }
  }

  private ExitCode tell(JsonNode vm, String outcome, boolean late) {
    Terminal terminal = session.terminal();
    if (session.wantsJson()) {
      terminal.printJson(vm);
    }
    VmState state = VmState.of(vm);
    if (wait.noWait) {
      sayIfTable(name + " is " + state.status());
      return ExitCode.OK;
    }
    if (outcome.equals("reached") || state.reached(goal)) {
      sayIfTable(success(vm, state));
      return ExitCode.OK;
    }
    if (outcome.equals("failed") || state.failed(goal)) {
      return tellFailure(state);
    }
    // A VM without a health check never becomes healthy; it runs, and that is all there is to know.
    if (!outcome.equals("timeout") && !late && state.reached("running")) {
      sayIfTable(success(vm, state));
      return ExitCode.OK;
    }
    String now = "status " + state.status() + ", health " + state.health();
    return Volar.complain(
        terminal,
        ExitCode.TIMEOUT,
        "VM '"
            + name
            + "' is not "
            + goal
            + " after "
            + wait.timeout().toSeconds()
            + " s ("
            + now
            + "); it goes on. Look at it with 'volar vms get "
            + name
            + "'.");
  }

  private String success(JsonNode vm, VmState state) {
    if (goal.equals("stopped")) {
      return name + " is stopped";
    }
    boolean healthy = state.health().equals("healthy");
    StringBuilder line =
        new StringBuilder(name).append(" is ").append(healthy ? "healthy" : state.status());
    String address = vm.path("ip_address").asText("");
    if (!address.isEmpty()) {
      line.append(" at ").append(address);
    }
    if (vm.has("boot_ms")) {
      line.append(" after ").append(vm.path("boot_ms").asLong()).append(" ms");
    }
    return line.toString();
  }

  private ExitCode tellFailure(VmState state) {
    Terminal terminal = session.terminal();
    String why = state.reason().isEmpty() ? "" : ": " + state.reason();
    String what = state.status().equals("crashed") ? " crashed" : " is " + state.status();
    terminal.complain("VM '" + name + "'" + what + why);
    JsonNode console = state.console();
    int from = Math.max(0, console.size() - CONSOLE_LINES);
    if (!session.wantsJson() && !console.isEmpty()) {
      terminal.tell("The last lines on its console:");
      for (int i = from; i < console.size(); i++) {
        terminal.tell("  " + terminal.safe(console.get(i).asText()));
      }
    }
    return ExitCode.VM_FAILED;
  }

  private void sayIfTable(String line) {
    if (!session.wantsJson()) {
      session.terminal().print(line);
    }
  }
}
