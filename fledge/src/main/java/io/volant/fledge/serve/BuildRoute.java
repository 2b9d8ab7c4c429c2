package io.volant.fledge.serve;

import com.sun.net.httpserver.HttpExchange;
import io.volant.fledge.recipe.Mistake;
import io.volant.fledge.report.BuildEvent;
import io.volant.fledge.report.BuildFailure;
import io.volant.fledge.report.EventJson;
import io.volant.fledge.report.EventProgress;
import io.volant.fledge.report.ExitCode;
import io.volant.fledge.step.BuildInput;
import io.volant.fledge.step.BuildOrder;
import io.volant.fledge.step.BuildPlan;
import io.volant.fledge.step.BuildResult;
import io.volant.fledge.step.Workbench;
import java.io.IOException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/** {@code POST /v1/build}: a build, answered at its end or told while it runs. */
final class BuildRoute {
  private final Semaphore free;
  private final Workbench workbench;
  private final ScheduledExecutorService watch;

  /**
   * @param builds how many may run at once
   * @param watch looks after the clients
   */
  BuildRoute(int builds, Workbench workbench, ScheduledExecutorService watch) {
    this.free = new Semaphore(builds);
    this.workbench = workbench;
    this.watch = watch;
  }

  void handle(HttpExchange exchange) throws IOException, Refusal {
    BuildRequest request = BuildRequest.read(exchange);
    if (!free.tryAcquire()) {
      exchange.getResponseHeaders().set("Retry-After", "5");
      throw Refusal.of(503, "busy", "as many builds run as may at once; try again later");
    }
    if (wantsEvents(exchange)) {
      stream(request, exchange);
    } else {
      answer(request, exchange);
    }
  }

  private static boolean wantsEvents(HttpExchange exchange) {
    String accept = exchange.getRequestHeaders().getFirst("Accept");
    return accept != null && accept.contains("text/event-stream");
  }

  private void answer(BuildRequest request, HttpExchange exchange) throws IOException, Refusal {
    BuildEvent last = watched(request, exchange, _ -> {});
    if (last instanceof BuildEvent.Failed failed) {
      throw Refusal.of(failed);
    }
    Answers.json(exchange, 200, EventJson.fields(last) + "\n");
  }

  private void stream(BuildRequest request, HttpExchange exchange) throws IOException {
    try (EventStream events = new EventStream(exchange)) {
      events.send(watched(request, exchange, events::send));
    }
  }

  /** Builds, but stops when the client is gone. */
  private BuildEvent watched(
      BuildRequest request, HttpExchange exchange, Consumer<BuildEvent> listener) {
    try (ClientWatch _ = ClientWatch.begin(exchange, Thread.currentThread(), watch)) {
      return build(request, listener);
    } finally {
      // Before the answer: who has got it may come with the next build at once.
      free.release();
    }
  }

  /** The build's last event. */
  private BuildEvent build(BuildRequest request, Consumer<BuildEvent> listener) {
    return switch (BuildInput.read(request.config(), null)) {
      case BuildInput.Refused(var mistakes) ->
          BuildEvent.Failed.of(ExitCode.RECIPE, mistakes.stream().map(Mistake::toString).toList());
      case BuildInput.Good(var recipe, var defaults) -> {
        BuildOrder order = BuildOrder.of(recipe, defaults, request.output());
        try {
          BuildResult made = BuildPlan.of(order, workbench).run(new EventProgress(listener));
          yield new BuildEvent.Result(
              made.artifact().toString(),
              made.manifestFile().toString(),
              made.sha256(),
              made.sizeBytes());
        } catch (BuildFailure failure) {
          yield BuildEvent.Failed.of(failure.code(), failure.lines());
        }
      }
    };
  }
}
