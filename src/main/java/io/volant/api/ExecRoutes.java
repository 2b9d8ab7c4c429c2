package io.volant.api;

import io.volant.vm.CommandInput;
import io.volant.vm.CommandOutput;
import io.volant.vm.Guest;
import io.volant.vm.GuestCommand;
import io.volant.vm.GuestException;
import io.volant.vm.Vm;
import io.volant.vm.VmDirectory;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.ws.Message;
import org.apache.pekko.http.javadsl.model.ws.WebSocketUpgrade;
import org.apache.pekko.japi.pf.PFBuilder;
import org.apache.pekko.stream.SharedKillSwitch;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Source;

/** Commands in a guest: talked to over a WebSocket, or with one answer for scripts. */
final class ExecRoutes {

  private static final String EXEC = "/api/v1/vms/{name}/exec";

  private final ActorSystem<?> system;
  private final VmDirectory vms;
  private final Guest guest;
  private final JsonBody bodies;
  private final ApiDocument document;
  private final SharedKillSwitch streams;

  ExecRoutes(
      ActorSystem<?> system,
      ApiParts parts,
      JsonBody bodies,
      ApiDocument document,
      SharedKillSwitch streams) {
    this.system = system;
    this.vms = parts.vms();
    this.guest = parts.guest();
    this.bodies = bodies;
    this.document = document;
    this.streams = streams;
  }

  List<Endpoint> endpoints() {
    return List.of(
        Endpoint.get(EXEC, this::talk).needing(Role.OPERATOR),
        Endpoint.get("/ws/v1/vms/{name}/exec", this::talk).needing(Role.OPERATOR),
        Endpoint.toWorkload(HttpMethods.POST, EXEC, this::run));
  }

  private CompletionStage<HttpResponse> talk(Call call) {
    Vm vm = AgentRoutes.findRunning(vms, call);
    WebSocketUpgrade upgrade = WebSockets.upgrade(call);
    GuestCommand command = ExecRequest.read(call.query());
    return guest
        .exec(vm.id(), command)
        .thenApply(running -> WebSockets.answer(upgrade, conversation(running)));
  }

  private Flow<Message, Message, NotUsed> conversation(
      Flow<CommandInput, CommandOutput, NotUsed> running) {
    return WebSockets.untilClosed()
        .mapAsync(1, message -> WebSockets.whole(system, message))
        .map(ExecMessages::input)
        .via(streams.flow())
        .via(running)
        .mapConcat(ExecMessages::of)
        .via(streams.flow())
        .recover(
            new PFBuilder<Throwable, Message>()
                .matchAny(failure -> ExecMessages.failed(reason(failure)))
                .build());
  }

  private static String reason(Throwable failure) {
    Throwable root = ProblemMapping.root(failure);
    return root instanceof GuestException || root instanceof IllegalArgumentException
        ? Text.shown(root.getMessage())
        : "the connection to the command broke";
  }

  private CompletionStage<HttpResponse> run(Call call) {
    Vm vm = AgentRoutes.findRunning(vms, call);
    return bodies
        .of(call.request())
        .thenCompose(body -> {
          document.check("ExecRequest", body);
          ExecRequest request = ExecRequest.read(body);
          return guest
              .exec(vm.id(), request.command())
              .thenCompose(running -> result(running, request))
              .exceptionally(failure -> {
                throw inTime(vm, request, failure);
              });
        });
  }

  private CompletionStage<HttpResponse> result(
      Flow<CommandInput, CommandOutput, NotUsed> running, ExecRequest request) {
    return Source.<CommandInput>from(
            List.of(new CommandInput.Stdin(request.stdin()), new CommandInput.StdinEnd()))
        .concat(Source.maybe())
        .via(running)
        .completionTimeout(request.timeout())
        .runFold(new ExecResult(), ExecResult::add, system)
        .thenApply(ExecResult::answer);
  }

  private static RuntimeException inTime(Vm vm, ExecRequest request, Throwable failure) {
    Throwable root = ProblemMapping.root(failure);
    return root instanceof TimeoutException
        ? Problem.of(
                ErrorCode.GUEST_TIMEOUT,
                "the command in VM '"
                    + vm.name()
                    + "' did not end within "
                    + request.timeout().toMillis()
                    + " ms and was hung up")
            .asException()
        : new java.util.concurrent.CompletionException(root);
  }
}
