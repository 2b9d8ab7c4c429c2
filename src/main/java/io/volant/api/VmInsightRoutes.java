package io.volant.api;

import io.volant.vm.Guest;
import io.volant.vm.GuestLogLine;
import io.volant.vm.Timeline;
import io.volant.vm.Vm;
import io.volant.vm.VmDirectory;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.stream.SharedKillSwitch;
import org.apache.pekko.util.ByteString;

/** What goes on in one VM: {@code /timeline} and {@code /logs}. */
final class VmInsightRoutes {

  private static final ContentType LINES_OF_JSON = ContentTypes.parse("application/x-ndjson");

  private final VmDirectory vms;
  private final Guest guest;
  private final SharedKillSwitch streams;

  VmInsightRoutes(ApiParts parts, SharedKillSwitch streams) {
    this.vms = parts.vms();
    this.guest = parts.guest();
    this.streams = streams;
  }

  List<Endpoint> endpoints() {
    return List.of(
        Endpoint.get("/api/v1/vms/{name}/timeline", this::timeline),
        Endpoint.get("/api/v1/vms/{name}/logs", this::logs));
  }

  private CompletionStage<HttpResponse> timeline(Call call) {
    Vm vm = VmRoutes.find(vms, call);
    List<Timeline.Mark> marks =
        vm.timeline().marks().stream().sorted(Comparator.comparing(Timeline.Mark::at)).toList();
    Instant first = marks.isEmpty() ? vm.identity().createdAt() : marks.getFirst().at();
    Instant last = marks.isEmpty() ? first : marks.getLast().at();
    return CompletableFuture.completedFuture(
        Answers.ok(json -> {
          json.writeStartObject();
          json.writeStringField("name", vm.name());
          json.writeNumberField("attempt", Math.max(1, vm.attempt()));
          json.writeStringField("started_at", Text.time(first));
          json.writeNumberField("total_ms", millis(first, last));
          json.writeArrayFieldStart("steps");
          Instant before = first;
          for (Timeline.Mark mark : marks) {
            json.writeStartObject();
            json.writeStringField("step", step(mark));
            json.writeStringField("at", Text.time(mark.at()));
            json.writeNumberField("since_start_ms", millis(first, mark.at()));
            json.writeNumberField("took_ms", millis(before, mark.at()));
            json.writeStringField("source", source(mark));
            json.writeEndObject();
            before = mark.at();
          }
          json.writeEndArray();
          json.writeEndObject();
        }));
  }

  private static String step(Timeline.Mark mark) {
    return switch (mark.source()) {
      case HOST -> mark.step();
      case GUEST -> "guest: " + mark.step();
    };
  }

  private static String source(Timeline.Mark mark) {
    return switch (mark.source()) {
      case HOST -> "host";
      case GUEST -> "guest";
    };
  }

  private static long millis(Instant from, Instant to) {
    return to.toEpochMilli() - from.toEpochMilli();
  }

  private CompletionStage<HttpResponse> logs(Call call) {
    QueryReader query = call.query();
    long from = query.number("from", 0, Long.MAX_VALUE, 0);
    boolean follow = query.flag("follow", false);
    query.check();
    Vm vm = AgentRoutes.findRunning(vms, call);
    Instant booted = booted(vm);
    return guest
        .logs(vm.id(), from, follow)
        .thenApply(lines ->
            HttpResponse.create()
                .withEntity(
                    HttpEntities.createChunked(
                        LINES_OF_JSON, lines.map(line -> text(line, booted)).via(streams.flow()))));
  }

  /** When the guest's clock began: the launch is what the host knows closest to it. */
  private static Instant booted(Vm vm) {
    return vm.timeline().marks().stream()
        .filter(mark -> mark.step().equals("launched"))
        .map(Timeline.Mark::at)
        .findFirst()
        .orElse(vm.identity().createdAt());
  }

  private static ByteString text(GuestLogLine line, Instant booted) {
    byte[] json =
        Answers.bytes(to -> {
          to.writeStartObject();
          to.writeNumberField("seq", line.sequence());
          to.writeStringField("timestamp", Text.time(booted.plusMillis(line.uptimeMs())));
          to.writeStringField("stream", line.stream());
          to.writeStringField("line", line.line());
          to.writeEndObject();
          to.writeRaw('\n');
        });
    return ByteString.fromArrayUnsafe(json);
  }
}
