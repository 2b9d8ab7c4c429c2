package io.volant.api;

import io.volant.vm.Timeline;
import io.volant.vm.Vm;
import io.volant.vm.VmDirectory;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/** How a VM came up: {@code /timeline}. */
final class VmInsightRoutes {

  private final VmDirectory vms;

  VmInsightRoutes(ApiParts parts) {
    this.vms = parts.vms();
  }

  List<Endpoint> endpoints() {
    return List.of(Endpoint.get("/api/v1/vms/{name}/timeline", this::timeline));
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
}
