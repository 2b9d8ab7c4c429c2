package io.volant.api;

import io.volant.model.VmId;
import io.volant.vm.SerialConsole;
import io.volant.vm.Vm;
import io.volant.vm.VmDirectory;
import io.volant.vm.VmHandle;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.ws.Message;
import org.apache.pekko.http.javadsl.model.ws.WebSocketUpgrade;
import org.apache.pekko.stream.SharedKillSwitch;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/** A VM's serial console as a WebSocket: any number watch it, one at a time types. */
final class ConsoleRoutes {

  private static final ByteString WATCHES_ONLY =
      ByteString.fromString("[volantd: another client types here; this one only watches]\r\n");

  private final ActorSystem<?> system;
  private final VmDirectory vms;
  private final Function<VmHandle, SerialConsole> consoles;
  private final SharedKillSwitch streams;

  /** The VMs at whose consoles somebody may type. */
  private final Set<VmId> taken = ConcurrentHashMap.newKeySet();

  /** What a client wants to do. */
  private enum Mode {
    AUTO,
    WRITE,
    WATCH;

    static Mode of(QueryReader query) {
      return query
          .choice("mode", List.of("auto", "write", "watch"))
          .map(text -> Mode.valueOf(text.toUpperCase(java.util.Locale.ROOT)))
          .orElse(AUTO);
    }
  }

  ConsoleRoutes(ActorSystem<?> system, ApiParts parts, SharedKillSwitch streams) {
    this.system = system;
    this.vms = parts.vms();
    this.consoles = parts.consoles();
    this.streams = streams;
  }

  List<Endpoint> endpoints() {
    return List.of(
        Endpoint.get("/ws/v1/vms/{name}/console", this::open).needing(Role.OPERATOR),
        Endpoint.get("/api/v1/vms/{name}/console", this::open).needing(Role.OPERATOR));
  }

  private CompletionStage<HttpResponse> open(Call call) {
    QueryReader query = call.query();
    Mode mode = Mode.of(query);
    query.check();
    Vm vm = VmRoutes.find(vms, call);
    VmHandle handle = vm.handle();
    if (handle == null) {
      throw Problem.of(
              ErrorCode.NOT_RUNNING,
              "VM '"
                  + vm.name()
                  + "' is "
                  + VmStatus.of(vm.phase()).text()
                  + " and has no process, so no console; start it first")
          .asException();
    }
    WebSocketUpgrade upgrade = WebSockets.upgrade(call);
    if (mode == Mode.WRITE && taken.contains(vm.id())) {
      throw inUse(vm);
    }
    SerialConsole console = consoles.apply(handle);
    // Taken only once the socket is open: until then nobody would give it back.
    Flow<Message, Message, NotUsed> conversation =
        Flow.<Message, Message, NotUsed>fromMaterializer((_, _) -> take(vm, console, mode))
            .mapMaterializedValue(_ -> NotUsed.getInstance());
    return CompletableFuture.completedFuture(WebSockets.answer(upgrade, conversation));
  }

  private static ProblemException inUse(Vm vm) {
    return Problem.of(
            ErrorCode.CONSOLE_IN_USE,
            "another client types on the console of VM '"
                + vm.name()
                + "'; only one can at a time, watching is possible with mode=watch")
        .asException();
  }

  private Flow<Message, Message, NotUsed> take(Vm vm, SerialConsole console, Mode mode) {
    if (mode == Mode.WATCH) {
      return watch(console.output());
    }
    if (!taken.add(vm.id())) {
      return mode == Mode.WRITE
          ? Flow.fromSinkAndSource(Sink.cancelled(), Source.failed(inUse(vm)))
          : watch(Source.single(WATCHES_ONLY).concat(console.output()));
    }
    return write(console)
        .watchTermination((value, done) -> {
          done.whenComplete((_, _) -> taken.remove(vm.id()));
          return value;
        });
  }

  private Flow<Message, Message, NotUsed> watch(Source<ByteString, NotUsed> output) {
    return Flow.fromSinkAndSourceCoupled(
        WebSockets.untilClosed().to(Sink.foreach(message -> skip(message))),
        output.map(WebSockets::binary).via(streams.flow()));
  }

  /** A message that comes in pieces has to be read, or the next one never comes. */
  private void skip(Message message) {
    if (!message.isStrict()) {
      var _ = WebSockets.bytes(message).runWith(Sink.ignore(), system);
    }
  }

  private Flow<Message, Message, NotUsed> write(SerialConsole console) {
    Sink<ByteString, CompletionStage<Done>> keyboard =
        Sink.<ByteString, CompletionStage<Done>>completionStageSink(console.input())
            .mapMaterializedValue(done -> done.thenCompose(Function.identity()));
    Sink<Message, CompletionStage<Done>> typed =
        WebSockets.untilClosed().flatMapConcat(WebSockets::bytes).toMat(keyboard, Keep.right());
    return Flow.fromSinkAndSourceCoupled(
        typed, console.output().map(WebSockets::binary).via(streams.flow()));
  }
}
