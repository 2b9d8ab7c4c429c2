package io.volant.adapter.guestlink;

import io.volant.vm.GuestException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.japi.pf.PFBuilder;
import org.apache.pekko.stream.Graph;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.SharedKillSwitch;
import org.apache.pekko.stream.SourceShape;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/** {@code /v1/files} of one session: archives in and out. */
final class GuestFiles {

  private static final ContentType TAR = ContentTypes.parse("application/x-tar");

  /** Longer than any transfer that moves; one that does not move ends far sooner. */
  private static final Duration TRANSFER_MAX = Duration.ofHours(12);

  private final ActorSystem<?> system;
  private final GuestSession session;
  private final Duration patience;
  private final Duration stall;

  /**
   * The files of a session's guest.
   *
   * @param patience for an answer
   * @param stall after so long without a byte a transfer has failed
   */
  GuestFiles(ActorSystem<?> system, GuestSession session, Duration patience, Duration stall) {
    this.system = system;
    this.session = session;
    this.patience = patience;
    this.stall = stall;
  }

  CompletionStage<Source<ByteString, NotUsed>> read(String path, boolean follow) {
    StreamPlace place = session.takePlace(1);
    String target = "/v1/files?path=" + encoded(path) + (follow ? "&follow=1" : "");
    return session
        .send(HttpRequest.GET(target), patience)
        .whenComplete((response, failure) -> {
          if (failure != null) {
            place.giveBack();
          }
        })
        .thenCompose(response -> onArchive(response, place));
  }

  private CompletionStage<Source<ByteString, NotUsed>> onArchive(
      HttpResponse response, StreamPlace place) {
    if (!response.status().equals(StatusCodes.OK)) {
      place.giveBack();
      return Refusal.of(system, response, "the files");
    }
    Source<ByteString, NotUsed> archive =
        response
            .entity()
            .withoutSizeLimit()
            .getDataBytes()
            .mapMaterializedValue(ignored -> NotUsed.getInstance())
            .via(new EndNotice(place::giveBack))
            .idleTimeout(stall);
    Cancellable unused =
        Unused.later(system, session, patience, () -> archive.runWith(Sink.cancelled(), system));
    return CompletableFuture.completedFuture(
        Source.fromMaterializer(
                (materializer, attributes) -> {
                  unused.cancel();
                  return archive;
                })
            .mapMaterializedValue(ignored -> NotUsed.getInstance()));
  }

  CompletionStage<Done> write(String folder, boolean makeFolder, Source<ByteString, ?> archive) {
    StreamPlace place;
    try {
      place = session.takePlace(1);
    } catch (GuestException tooMany) {
      archive.runWith(Sink.cancelled(), system);
      throw tooMany;
    }
    SharedKillSwitch body = KillSwitches.shared("guest-files-body");
    CompletableFuture<Done> sent = new CompletableFuture<>();
    AtomicReference<@Nullable Throwable> broken = new AtomicReference<>();
    Source<ByteString, Object> bytes =
        archive
            .mapMaterializedValue(ignored -> (Object) NotUsed.getInstance())
            .idleTimeout(stall)
            .recoverWithRetries(
                1,
                new PFBuilder<Throwable, Graph<SourceShape<ByteString>, NotUsed>>()
                    .matchAny(failure -> {
                      broken.set(failure);
                      return Source.empty();
                    })
                    .build())
            .via(body.flow())
            .via(new EndNotice(() -> sent.complete(Done.getInstance())));
    String target = "/v1/files?path=" + encoded(folder) + (makeFolder ? "&mkdir=1" : "");
    HttpRequest request =
        HttpRequest.PUT(target).withEntity(HttpEntities.createChunked(TAR, bytes));
    CompletableFuture<HttpResponse> answer =
        session.send(request, TRANSFER_MAX).toCompletableFuture();
    CompletableFuture<Void> _ =
        sent.thenRunAsync(
            () -> answer.completeExceptionally(new TimeoutException()),
            CompletableFuture.delayedExecutor(stall.toMillis(), TimeUnit.MILLISECONDS));
    return answer
        .whenComplete((response, failure) -> {
          // An agent that refuses need not have read the whole body. It ends in good order: Pekko's
          // client loses the session over a body that fails while some of it waits to be sent. To
          // the agent an archive that ends too early is broken, too.
          body.shutdown();
          place.giveBack();
        })
        .thenCompose(response -> onUnpacked(response, broken.get()));
  }

  private CompletionStage<Done> onUnpacked(HttpResponse response, @Nullable Throwable broken) {
    if (broken != null) {
      response.discardEntityBytes(system);
      return CompletableFuture.failedFuture(
          new GuestException(
              GuestException.Reason.INVALID, "the archive broke off: " + broken.getMessage()));
    }
    if (!response.status().isSuccess()) {
      return Refusal.of(system, response, "the files");
    }
    response.discardEntityBytes(system);
    return CompletableFuture.completedFuture(Done.getInstance());
  }

  private static String encoded(String path) {
    return URLEncoder.encode(path, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
