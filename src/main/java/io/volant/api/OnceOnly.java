package io.volant.api;

import io.volant.idempotency.IdempotencyCommand;
import io.volant.idempotency.IdempotencyReply;
import io.volant.idempotency.KeptAnswer;
import io.volant.idempotency.OnceKey;
import io.volant.model.Asker;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * Does what carries an idempotency key once, however often it is asked for: every repeat gets the
 * first answer. docs/adr/0010 says what happens when the daemon dies in between.
 */
final class OnceOnly {

  static final String KEY_HEADER = "Idempotency-Key";
  static final String REPLAYED_HEADER = "Idempotency-Replayed";

  private static final Pattern KEY_FORM = Pattern.compile("[\\x21-\\x7e]{1,255}");
  private static final Duration STORE_PATIENCE = Duration.ofSeconds(5);

  private final ActorSystem<?> system;
  private final ActorRef<IdempotencyCommand> desk;
  private final JsonBody bodies;
  private final ProblemMapping problems;
  private final Duration workPatience;
  private final Clock clock;

  /** A change with its key and what tells it from other changes. */
  private record Order(Endpoint endpoint, Call call, OnceKey key, String fingerprint) {}

  /**
   * For the changes of one API.
   *
   * @param workPatience how long the longest change may take
   */
  OnceOnly(
      ActorSystem<?> system,
      ActorRef<IdempotencyCommand> desk,
      JsonBody bodies,
      Duration workPatience,
      Clock clock) {
    this.system = system;
    this.desk = desk;
    this.bodies = bodies;
    this.problems = new ProblemMapping(bodies);
    this.workPatience = workPatience;
    this.clock = clock;
  }

  /** Whether a change carries a key; its body is read then, whatever it is. */
  static boolean hasKey(HttpRequest request) {
    return request.getHeader(KEY_HEADER).isPresent();
  }

  /** Answers a change; without a key it is simply done. */
  CompletionStage<HttpResponse> answer(Endpoint endpoint, Call call) {
    Optional<String> key = Gate.header(call.request(), KEY_HEADER);
    if (key.isEmpty()) {
      return endpoint.handler().handle(call);
    }
    if (!KEY_FORM.matcher(key.get()).matches()) {
      throw Problem.ofField(KEY_HEADER, "must be 1 to 255 visible ASCII characters").asException();
    }
    OnceKey once = new OnceKey(call.principal().name(), key.get());
    return bodies
        .whole(call.request())
        .thenCompose(body -> {
          Call whole = with(call, body);
          return begin(new Order(endpoint, whole, once, fingerprint(call.request(), body)));
        });
  }

  private static Call with(Call call, ByteString body) {
    HttpRequest request = call.request();
    HttpEntity.Strict entity = HttpEntities.create(request.entity().getContentType(), body);
    return new Call(
        request.withEntity(entity), call.path(), call.principal(), call.asker(), call.again());
  }

  private CompletionStage<HttpResponse> begin(Order order) {
    return AskPattern.<IdempotencyCommand, IdempotencyReply>ask(
            desk,
            replyTo ->
                new IdempotencyCommand.Begin(
                    order.key(),
                    order.fingerprint(),
                    order.call().asker(),
                    clock.instant(),
                    replyTo),
            // a repeat waits for the first one's end
            workPatience,
            system.scheduler())
        .thenCompose(reply ->
            switch (reply) {
              case IdempotencyReply.Go(var cause, var again) -> run(order, cause, again);
              case IdempotencyReply.Answered(var answer) ->
                  CompletableFuture.completedFuture(replayed(answer));
              case IdempotencyReply.Conflict() ->
                  CompletableFuture.failedFuture(
                      Problem.of(
                              ErrorCode.IDEMPOTENCY_CONFLICT,
                              "the Idempotency-Key was used for another request; take a new one")
                          .asException());
              case IdempotencyReply.Full() ->
                  CompletableFuture.failedFuture(
                      Problem.of(
                              ErrorCode.OVERLOADED,
                              "no more idempotency keys can be kept; try again later, or without one")
                          .asException());
            });
  }

  private CompletionStage<HttpResponse> run(Order order, String cause, boolean again) {
    Call call = order.call();
    Call caused =
        new Call(
            call.request(),
            call.path(),
            call.principal(),
            new Asker(call.asker().by(), cause),
            again);
    CompletionStage<HttpResponse> done;
    try {
      done = order.endpoint().handler().handle(caused);
    } catch (RuntimeException failure) {
      done = CompletableFuture.failedFuture(failure);
    }
    return done.handle((response, failure) -> response(call, response, failure))
        .thenCompose(response -> finish(order, response));
  }

  private HttpResponse response(
      Call call, @Nullable HttpResponse response, @Nullable Throwable failure) {
    return response != null ? response : problems.of(failure, call.asker().cause()).response();
  }

  /** The answer goes out when it is stored; if it cannot be, it goes out all the same. */
  private CompletionStage<HttpResponse> finish(Order order, HttpResponse response) {
    KeptAnswer answer = kept(response);
    return AskPattern.ask(
            desk,
            (ActorRef<org.apache.pekko.Done> replyTo) ->
                new IdempotencyCommand.Finish(
                    order.key(), answer, isFinal(response), clock.instant(), replyTo),
            STORE_PATIENCE,
            system.scheduler())
        .handle((_, _) -> response);
  }

  /** What went wrong here, or for want of time, may go well the next time. */
  private static boolean isFinal(HttpResponse response) {
    return response.status().intValue() < 500;
  }

  private static KeptAnswer kept(HttpResponse response) {
    List<KeptAnswer.Header> headers = new ArrayList<>();
    for (HttpHeader header : response.getHeaders()) {
      headers.add(new KeptAnswer.Header(header.name(), header.value()));
    }
    String type = null;
    String body = null;
    if (!response.entity().isKnownEmpty()) {
      type = response.entity().getContentType().toString();
      body =
          response.entity() instanceof HttpEntity.Strict strict
              ? strict.getData().utf8String()
              : null;
    }
    return new KeptAnswer(response.status().intValue(), headers, type, body);
  }

  private static HttpResponse replayed(KeptAnswer answer) {
    if (answer.isDropped()) {
      throw Problem.of(
              ErrorCode.IDEMPOTENCY_ANSWER_DROPPED,
              "this was done and answered with "
                  + answer.status()
                  + ", but the answer was too large to be kept; look at what there is now")
          .asException();
    }
    HttpResponse response = HttpResponse.create().withStatus(answer.status());
    for (KeptAnswer.Header header : answer.headers()) {
      response = response.addHeader(RawHeader.create(header.name(), header.value()));
    }
    if (answer.contentType() != null && answer.body() != null) {
      response =
          response.withEntity(
              HttpEntities.create(
                  ContentTypes.parse(answer.contentType()), ByteString.fromString(answer.body())));
    }
    return response.addHeader(RawHeader.create(REPLAYED_HEADER, "true"));
  }

  private static String fingerprint(HttpRequest request, ByteString body) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      String head = request.method().value() + " " + request.getUri().toRelative() + "\n";
      digest.update(head.getBytes(StandardCharsets.UTF_8));
      digest.update(body.asByteBuffer());
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException impossible) { // every JDK has it
      throw new IllegalStateException(impossible);
    }
  }
}
