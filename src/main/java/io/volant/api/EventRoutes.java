package io.volant.api;

import io.volant.journal.EventFeed;
import io.volant.journal.JournalEvent;
import io.volant.vm.VmEvent;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;
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
 * {@code /api/v1/events/vms}: what happens to VMs, and {@code /api/v1/events}: what happens to
 * anything, as Server-Sent Events. The journal is read at the client's pace, so nothing is ever
 * dropped; a client that takes nothing for a while is cut off, sees that, and can resume where it
 * was.
 */
final class EventRoutes {

  private static final ContentType EVENT_STREAM = ContentTypes.parse("text/event-stream");
  private static final Pattern TYPE = Pattern.compile("[a-z_]{1,32}(\\.[a-z_]{1,32})?");
  private static final ByteString HEARTBEAT = ByteString.fromString(":\n\n");

  private final EventFeed feed;
  private final ApiSettings.Patience patience;
  private final SharedKillSwitch streams;
  private final LogFanout.Door logs;

  // What most clients want is made once for all of them.
  private final EventFrames turns = new EventFrames(entry -> vmFrame(entry, false));
  private final EventFrames steps = new EventFrames(entry -> vmFrame(entry, true));
  private final EventFrames all = new EventFrames(entry -> frame(entry, List.of()));

  /** What a client wants to hear. */
  private record Wish(EventFrames frames, boolean logs, boolean follow, Optional<Long> after) {}

  EventRoutes(
      EventFeed feed,
      ApiSettings.Patience patience,
      SharedKillSwitch streams,
      LogFanout.Door logs) {
    this.feed = feed;
    this.patience = patience;
    this.streams = streams;
    this.logs = logs;
  }

  List<Endpoint> endpoints() {
    return List.of(
        Endpoint.get("/api/v1/events/vms", this::ofVms),
        Endpoint.get("/api/v1/events", this::ofAll));
  }

  private CompletionStage<HttpResponse> ofVms(Call call) {
    QueryReader query = call.query();
    // absent: the turns of VMs' lives and their lines, as the original's clients know it
    String types = query.choice("types", List.of("lifecycle", "steps", "all")).orElse("");
    boolean withSteps = types.equals("steps") || types.equals("all");
    boolean lines = types.isEmpty() || types.equals("all");
    return stream(wish(call, query, withSteps ? steps : turns, lines));
  }

  private CompletionStage<HttpResponse> ofAll(Call call) {
    QueryReader query = call.query();
    List<String> types = query.list("types");
    types.stream()
        .filter(type -> !TYPE.matcher(type).matches())
        .forEach(type ->
            query.problem(
                "types",
                "must be kinds or types of events, such as vm,plugin.installed"
                    + QueryReader.was(type)));
    EventFrames frames = types.isEmpty() ? all : new EventFrames(entry -> frame(entry, types));
    return stream(wish(call, query, frames, false));
  }

  private CompletionStage<HttpResponse> stream(Wish wish) {
    CompletionStage<Long> latest =
        wish.follow() && wish.after().isPresent()
            ? CompletableFuture.completedFuture(0L)
            : feed.latest();
    return latest.thenApply(end ->
        HttpResponse.create()
            .addHeader(RawHeader.create("Cache-Control", "no-cache"))
            .withEntity(HttpEntities.createChunked(EVENT_STREAM, frames(wish, end))));
  }

  private static Wish wish(Call call, QueryReader query, EventFrames frames, boolean logs) {
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
    return new Wish(frames, logs && follow, follow, after);
  }

  private Source<ByteString, NotUsed> frames(Wish wish, long latest) {
    long after = wish.after().orElse(latest);
    Source<ByteString, NotUsed> begin =
        Source.single(ByteString.fromString("id: " + after + "\n\n"));
    Source<ByteString, NotUsed> events =
        batches(wish, after, latest).map(wish.frames()::of).filter(ByteString::nonEmpty);
    return begin
        // whatever guests have to say, events come before it
        .concat(wish.logs() ? events.mergePreferred(logs.frames(), false, true) : events)
        .keepAlive(patience.heartbeat(), () -> HEARTBEAT)
        .via(streams.flow())
        .backpressureTimeout(patience.slowClient());
  }

  private Source<List<EventFeed.Entry>, NotUsed> batches(Wish wish, long after, long latest) {
    if (wish.follow()) {
      return feed.batchesAfter(after);
    }
    return after >= latest
        ? Source.empty()
        : feed.batchesAfter(after)
            .takeWhile(batch -> batch.getLast().position() < latest, true)
            .map(batch -> batch.stream().takeWhile(entry -> entry.position() <= latest).toList());
  }

  private static Optional<EventFrames.Frame> vmFrame(EventFeed.Entry entry, boolean steps) {
    if (!(entry.event() instanceof VmEvent event)) {
      return Optional.empty();
    }
    VmEventJson shown = VmEventJson.of(event);
    return steps || shown.isLifecycle()
        ? Optional.of(EventFrames.Frame.of(shown.type(), shown.data(event)))
        : Optional.empty();
  }

  private static Optional<EventFrames.Frame> frame(EventFeed.Entry entry, List<String> types) {
    JournalEvent event = entry.event();
    EventText shown = EventText.of(event);
    boolean wanted =
        types.isEmpty() || types.contains(event.type()) || types.contains(shown.kind());
    return wanted
        ? Optional.of(EventFrames.Frame.of(event.type(), shown.data(event)))
        : Optional.empty();
  }
}
