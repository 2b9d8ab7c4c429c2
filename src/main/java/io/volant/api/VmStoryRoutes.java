package io.volant.api;

import com.fasterxml.jackson.core.JsonGenerator;
import io.volant.idempotency.IdempotencyEvent;
import io.volant.journal.JournalEvent;
import io.volant.vm.VmEvent;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;

/** What happened to one VM, and why it is as it is: {@code /events} and {@code /why}. */
final class VmStoryRoutes {

  private static final int LIMIT_MAX = 10_000;
  private static final int LIMIT = 1_000;

  /** Nothing that we do has more causes behind it; a journal that says so is not followed. */
  private static final int CAUSES_MAX = 16;

  private final VmStories stories;

  VmStoryRoutes(VmStories stories) {
    this.stories = stories;
  }

  List<Endpoint> endpoints() {
    return List.of(
        Endpoint.get("/api/v1/vms/{name}/events", this::events),
        Endpoint.get("/api/v1/vms/{name}/why", this::why));
  }

  private CompletionStage<HttpResponse> events(Call call) {
    QueryReader query = call.query();
    int limit = (int) query.number("limit", 1, LIMIT_MAX, LIMIT);
    boolean deleted = query.flag("deleted", false);
    query.check();
    return stories.of(call.path("name"), deleted).thenApply(story -> page(story, limit));
  }

  private static HttpResponse page(List<VmEvent> story, int limit) {
    Map<String, VmEvent> byId = new HashMap<>();
    story.forEach(event -> byId.put(event.stamp().id(), event));
    List<VmEvent> newest = story.subList(Math.max(0, story.size() - limit), story.size());
    return Answers.ok(
            json -> {
              json.writeStartArray();
              for (VmEvent event : newest) {
                writeEvent(json, event, byId);
              }
              json.writeEndArray();
            })
        .addHeader(RawHeader.create("X-Total-Count", Integer.toString(story.size())));
  }

  private static void writeEvent(JsonGenerator json, VmEvent event, Map<String, VmEvent> byId)
      throws IOException {
    VmEventJson shown = VmEventJson.of(event);
    json.writeStartObject();
    json.writeStringField("id", event.stamp().id());
    json.writeStringField("type", event.type());
    json.writeStringField("name", event.stamp().name());
    json.writeStringField("status", shown.status().text());
    json.writeStringField("timestamp", Text.time(event.stamp().at()));
    json.writeStringField("by", event.stamp().by());
    json.writeArrayFieldStart("causes");
    for (String cause : causes(event, byId)) {
      json.writeString(cause);
    }
    json.writeEndArray();
    json.writeStringField("message", shown.message());
    json.writeEndObject();
  }

  /** The nearest first: events of this VM, then the request or the other thing's event. */
  private static List<String> causes(VmEvent event, Map<String, VmEvent> byId) {
    List<String> causes = new ArrayList<>();
    for (VmEvent at = event; at != null && causes.size() < CAUSES_MAX; ) {
      String cause = at.stamp().cause();
      causes.add(cause);
      at = byId.get(cause);
    }
    return causes;
  }

  private CompletionStage<HttpResponse> why(Call call) {
    QueryReader query = call.query();
    boolean deleted = query.flag("deleted", false);
    query.check();
    String name = call.path("name");
    return stories
        .of(name, deleted)
        .thenCompose(story -> {
          List<WhyChain.Link> chain = WhyChain.of(story);
          String root = chain.isEmpty() ? "" : chain.getFirst().stamp().cause();
          return before(root, new ArrayList<>())
              .thenApply(earlier -> answer(name, story, earlier, chain));
        });
  }

  /** What led to it elsewhere: the events of other things behind this cause, the oldest first. */
  private CompletionStage<List<JournalEvent>> before(String cause, List<JournalEvent> found) {
    if (found.size() >= CAUSES_MAX) {
      return CompletableFuture.completedFuture(found);
    }
    return stories
        .history()
        .event(cause)
        .thenCompose((Optional<JournalEvent> event) -> {
          if (event.isEmpty()) {
            return CompletableFuture.completedFuture(found);
          }
          // That a request had a key is how it was asked for, not why.
          if (!(event.get() instanceof IdempotencyEvent)) {
            found.addFirst(event.get());
          }
          return before(event.get().stamp().cause(), found);
        });
  }

  private static HttpResponse answer(
      String name, List<VmEvent> story, List<JournalEvent> earlier, List<WhyChain.Link> chain) {
    return Answers.ok(json -> {
      json.writeStartObject();
      json.writeStringField("name", name);
      if (!story.isEmpty()) {
        json.writeStringField("status", VmEventJson.of(story.getLast()).status().text());
      }
      json.writeArrayFieldStart("chain");
      for (JournalEvent event : earlier) {
        String text =
            EventText.kind(event)
                + " "
                + event.stamp().name()
                + ": "
                + EventText.of(event).message();
        write(json, new WhyChain.Link(event.stamp(), event.type(), text));
      }
      for (WhyChain.Link link : chain) {
        write(json, link);
      }
      json.writeEndArray();
      json.writeEndObject();
    });
  }

  private static void write(JsonGenerator json, WhyChain.Link link) throws IOException {
    json.writeStartObject();
    json.writeStringField("id", link.stamp().id());
    json.writeStringField("type", link.type());
    json.writeStringField("timestamp", Text.time(link.stamp().at()));
    json.writeStringField("by", link.stamp().by());
    json.writeStringField("cause", link.stamp().cause());
    json.writeStringField("sentence", link.sentence());
    json.writeEndObject();
  }
}
