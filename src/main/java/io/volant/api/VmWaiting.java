package io.volant.api;

import io.volant.vm.Phase;
import io.volant.vm.Vm;
import io.volant.vm.VmCommand.Goal;
import io.volant.vm.VmDirectory;
import io.volant.vm.VmReply;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.jspecify.annotations.Nullable;

/** Answers with a VM, at once or when it has got where the client wants it. */
final class VmWaiting {

  private static final long TIMEOUT_SECONDS_MAX = 300;
  private static final long TIMEOUT_SECONDS = 60;

  /** What the client said about waiting. */
  record Wish(Optional<Goal> goal, Duration timeout) {

    /** For a VM that goes up. */
    static Wish up(QueryReader query) {
      return of(query, query.choice("wait", List.of("running", "healthy")).map(VmWaiting::goal));
    }

    /** For a VM that goes down. */
    static Wish down(QueryReader query) {
      return of(query, query.choice("wait", List.of("stopped")).map(_ -> Goal.AT_REST));
    }

    private static Wish of(QueryReader query, Optional<Goal> goal) {
      long seconds = query.number("timeout", 1, TIMEOUT_SECONDS_MAX, TIMEOUT_SECONDS);
      query.check();
      return new Wish(goal, Duration.ofSeconds(seconds));
    }
  }

  private enum Outcome {
    REACHED,
    FAILED,
    TIMEOUT
  }

  private final HostDesk desk;
  private final VmDirectory vms;
  private final VmJson vmJson;

  VmWaiting(HostDesk desk, VmDirectory vms, VmJson vmJson) {
    this.desk = desk;
    this.vms = vms;
    this.vmJson = vmJson;
  }

  /** The answer with the VM, which is {@code vm} at present. */
  CompletionStage<HttpResponse> answer(int status, Vm vm, Wish wish) {
    if (wish.goal().isEmpty()) {
      return CompletableFuture.completedFuture(shown(status, vm));
    }
    Goal goal = wish.goal().get();
    return desk.await(vm.name(), goal, wish.timeout())
        .handle((reply, failure) -> {
          Vm latest = latest(vm, reply);
          String outcome = outcome(goal, reply, failure).name().toLowerCase(Locale.ROOT);
          return shown(status, latest).addHeader(RawHeader.create("X-Volant-Wait", outcome));
        });
  }

  private HttpResponse shown(int status, Vm vm) {
    return Answers.json(status, json -> vmJson.write(json, vm));
  }

  private Vm latest(Vm before, @Nullable VmReply reply) {
    return reply instanceof VmReply.Accepted(var now)
        ? now
        : vms.find(before.name()).filter(now -> now.id().equals(before.id())).orElse(before);
  }

  private static Outcome outcome(Goal goal, @Nullable VmReply reply, @Nullable Throwable failure) {
    if (reply == null) {
      if (ProblemMapping.root(failure) instanceof TimeoutException) {
        return Outcome.TIMEOUT;
      }
      throw new IllegalStateException(failure);
    }
    return switch (reply) {
      case VmReply.Accepted(var vm) -> isReached(goal, vm) ? Outcome.REACHED : Outcome.FAILED;
      case VmReply.Refused(var reason, _) ->
          switch (reason) {
            // What was asked has begun; only that nobody more can be told of the end.
            case TOO_MANY_WAITING -> Outcome.TIMEOUT;
            case ALREADY_EXISTS,
                NOT_FOUND,
                ALREADY_RUNNING,
                ALREADY_STOPPED,
                WRONG_STATE,
                VERSION_MISMATCH ->
                Outcome.FAILED;
          };
    };
  }

  private static boolean isReached(Goal goal, Vm vm) {
    return switch (goal) {
      case RUNNING, HEALTHY -> vm.phase() instanceof Phase.Running;
      case AT_REST -> vm.phase() instanceof Phase.Stopped;
    };
  }

  private static Goal goal(String name) {
    return name.equals("running") ? Goal.RUNNING : Goal.HEALTHY;
  }
}
