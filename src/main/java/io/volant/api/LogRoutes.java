package io.volant.api;

import io.volant.vm.Guest;
import io.volant.vm.GuestLogLine;
import io.volant.vm.Timeline;
import io.volant.vm.Vm;
import io.volant.vm.VmDirectory;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.model.ws.Message;
import org.apache.pekko.http.javadsl.model.ws.TextMessage;
import org.apache.pekko.http.javadsl.model.ws.WebSocketUpgrade;
import org.apache.pekko.stream.SharedKillSwitch;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/** The lines that a workload prints: as lines of JSON, as an event stream, or over a WebSocket. */
final class LogRoutes {

  private static final ContentType LINES_OF_JSON = ContentTypes.parse("application/x-ndjson");
  private static final ContentType EVENT_STREAM = ContentTypes.parse("text/event-stream");
  private static final ByteString HEARTBEAT = ByteString.fromString(": heartbeat\n\n");

  private final VmDirectory vms;
  private final Guest guest;
  private final ApiSettings.Patience patience;
  private final SharedKillSwitch streams;

  LogRoutes(ApiParts parts, ApiSettings.Patience patience, SharedKillSwitch streams) {
    this.vms = parts.vms();
    this.guest = parts.guest();
    this.patience = patience;
    this.streams = streams;
  }

  List<Endpoint> endpoints() {
    return List.of(
        Endpoint.get("/api/v1/vms/{name}/logs", this::logs),
        Endpoint.get("/ws/v1/vms/{name}/logs", this::overSocket));
  }

  private CompletionStage<HttpResponse> logs(Call call) {
    QueryReader query = call.query();
    boolean events =
        Gate.header(call.request(), "Accept")
            .filter(accepted -> accepted.contains("text/event-stream"))
            .isPresent();
    long from = query.number("from", 0, Long.MAX_VALUE, 0);
    boolean follow = query.flag("follow", events);
    query.check();
    Vm vm = AgentRoutes.findRunning(vms, call);
    Instant booted = booted(vm);
    long begin = events ? afterLast(call).orElse(from) : from;
    return guest
        .logs(vm.id(), begin, follow)
        .thenApply(lines -> events ? stream(lines, vm, booted) : plain(lines, vm, booted));
  }

  /** Where a browser goes on whose event stream broke. */
  private static Optional<Long> afterLast(Call call) {
    return Gate.header(call.request(), "Last-Event-ID")
        .map(QueryReader::digits)
        .filter(last -> last >= 0)
        .map(last -> last + 1);
  }

  private HttpResponse plain(Source<GuestLogLine, NotUsed> lines, Vm vm, Instant booted) {
    return HttpResponse.create()
        .withEntity(
            HttpEntities.createChunked(
                LINES_OF_JSON,
                lines
                    .map(line -> json(line, vm, booted).concat(ByteString.fromString("\n")))
                    .via(streams.flow())));
  }

  private HttpResponse stream(Source<GuestLogLine, NotUsed> lines, Vm vm, Instant booted) {
    Source<ByteString, NotUsed> frames =
        lines
            .map(line ->
                ByteString.fromString("id: " + line.sequence() + "\nevent: VM_LOG\ndata: ")
                    .concat(json(line, vm, booted))
                    .concat(ByteString.fromString("\n\n")))
            .keepAlive(patience.heartbeat(), () -> HEARTBEAT)
            .via(streams.flow())
            .backpressureTimeout(patience.slowClient());
    return HttpResponse.create()
        .addHeader(RawHeader.create("Cache-Control", "no-cache"))
        .withEntity(HttpEntities.createChunked(EVENT_STREAM, frames));
  }

  private CompletionStage<HttpResponse> overSocket(Call call) {
    QueryReader query = call.query();
    long from = query.number("from", 0, Long.MAX_VALUE, 0);
    boolean follow = query.flag("follow", true);
    query.check();
    Vm vm = AgentRoutes.findRunning(vms, call);
    WebSocketUpgrade upgrade = WebSockets.upgrade(call);
    Instant booted = booted(vm);
    return guest
        .logs(vm.id(), from, follow)
        .thenApply(lines -> {
          Source<Message, NotUsed> messages =
              lines
                  .map(line -> (Message) TextMessage.create(json(line, vm, booted).utf8String()))
                  .via(streams.flow());
          // What the client says is of no interest; that it leaves ends the lines.
          return WebSockets.answer(upgrade, Flow.fromSinkAndSourceCoupled(Sink.ignore(), messages));
        });
  }

  /** When the guest's clock began: the launch is what the host knows closest to it. */
  static Instant booted(Vm vm) {
    return vm.timeline().marks().stream()
        .filter(mark -> mark.step().equals("launched"))
        .map(Timeline.Mark::at)
        .findFirst()
        .orElse(vm.identity().createdAt());
  }

  private static ByteString json(GuestLogLine line, Vm vm, Instant booted) {
    byte[] json =
        Answers.bytes(to -> {
          to.writeStartObject();
          to.writeStringField("name", vm.name());
          to.writeNumberField("seq", line.sequence());
          to.writeStringField("timestamp", Text.time(booted.plusMillis(line.uptimeMs())));
          to.writeStringField("stream", line.stream());
          to.writeStringField("line", line.line());
          to.writeEndObject();
        });
    return ByteString.fromArrayUnsafe(json);
  }
}
