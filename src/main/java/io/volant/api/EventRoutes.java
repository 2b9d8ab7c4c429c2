package io.volant.api;

import io.volant.journal.EventFeed;
import io.volant.vm.VmEvent;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.stream.SharedKillSwitch;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/**
 * {@code /api/v1/events/vms}: what happens to VMs, as Server-Sent Events. The journal is read at
 * the client's pace, so nothing is ever dropped; a client that takes nothing for a while is cut
 * off, sees that, and can resume where it was.
 */
final class EventRoutes {

  private static final ContentType EVENT_STREAM = ContentTypes.parse("text/event-stream");
  private static final ByteString HEARTBEAT = ByteString.fromString(":\n\n");

  private final EventFeed feed;
  private final ApiSettings.Patience patience;
  private final SharedKillSwitch streams;

  /** What a client wants to hear. */
  private record Wish(boolean all, boolean follow, Optional<Long> after) {}

  EventRoutes(EventFeed feed, ApiSettings.Patience patience, SharedKillSwitch streams) {
    this.feed = feed;
    this.patience = patience;
    this.streams = streams;
  }

  List<Endpoint> endpoints() {
    return List.of(Endpoint.get("/api/v1/events/vms", this::stream));
  }

  private CompletionStage<HttpResponse> stream(Call call) {
    Wish wish = wish(call);
    CompletionStage<Long> latest =
        wish.follow() && wish.after().isPresent()
            ? CompletableFuture.completedFuture(0L)
            : feed.latest();
    return latest.thenApply(end ->
        HttpResponse.create()
            .addHeader(RawHeader.create("Cache-Control", "no-cache"))
            .withEntity(HttpEntities.createChunked(EVENT_STREAM, frames(wish, end))));
  }

  private static Wish wish(Call call) {
    QueryReader query = call.query();
    boolean all =
        query
            .choice("types", List.of("lifecycle", "all"))
            .map(types -> types.equals("all"))
            .orElse(false);
    boolean follow = query.flag("follow", true);
    Optional<String> inQuery = query.text("after", 19);
    Optional<String> inHeader = Gate.header(call.request(), "Last-Event-ID");
    Optional<Long> after =
        inHeader.or(() -> inQuery).map(QueryReader::digits).filter(position -> position >= 0);
    if (after.isEmpty() && (inHeader.isPresent() || inQuery.isPresent())) {
      query.problem(
          inHeader.isPresent() ? "Last-Event-ID" : "after",
          "must be the id of an event, a number"
              + QueryReader.was(inHeader.or(() -> inQuery).get()));
    }
    query.check();
    return new Wish(all, follow, after);
  }

  private Source<ByteString, NotUsed> frames(Wish wish, long latest) {
    long after = wish.after().orElse(latest);
    Source<ByteString, NotUsed> begin =
        Source.single(ByteString.fromString("id: " + after + "\n\n"));
    Source<ByteString, NotUsed> events =
        entries(wish, after, latest)
            .mapConcat(entry -> frame(entry, wish.all()).map(List::of).orElse(List.of()));
    return begin
        .concat(events)
        .keepAlive(patience.heartbeat(), () -> HEARTBEAT)
        .via(streams.flow())
        .backpressureTimeout(patience.slowClient());
  }

  private Source<EventFeed.Entry, NotUsed> entries(Wish wish, long after, long latest) {
    if (wish.follow()) {
      return feed.after(after);
    }
    return after >= latest
        ? Source.empty()
        : feed.after(after).takeWhile(entry -> entry.position() < latest, true);
  }

  private static Optional<ByteString> frame(EventFeed.Entry entry, boolean all) {
    if (!(entry.event() instanceof VmEvent event)) {
      return Optional.empty();
    }
    VmEventJson shown = VmEventJson.of(event);
    if (!all && !shown.isLifecycle()) {
      return Optional.empty();
    }
    ByteString head =
        ByteString.fromString("id: " + entry.position() + "\nevent: " + shown.type() + "\ndata: ");
    return Optional.of(
        head.concat(ByteString.fromArrayUnsafe(shown.data(event)))
            .concat(ByteString.fromString("\n\n")));
  }
}
