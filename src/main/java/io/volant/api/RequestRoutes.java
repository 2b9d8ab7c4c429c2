package io.volant.api;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/** {@code /api/v1/requests}: what became of a change that was answered with 202. */
final class RequestRoutes {

  private static final long WAIT_SECONDS_MAX = 60;

  private final LongChanges changes;

  RequestRoutes(LongChanges changes) {
    this.changes = changes;
  }

  List<Endpoint> endpoints() {
    return List.of(Endpoint.get(LongChanges.PLACE + "{request}", this::show));
  }

  private CompletionStage<HttpResponse> show(Call call) {
    QueryReader query = call.query();
    long seconds = query.number("wait", 0, WAIT_SECONDS_MAX, 0);
    query.check();
    LongChanges.Change change =
        changes
            .find(call.path("request"))
            .filter(each -> mayLook(call.principal(), each))
            .orElseThrow(() ->
                Problem.of(
                        ErrorCode.REQUEST_NOT_FOUND,
                        "no request has this id, or it is too long ago")
                    .asException());
    return change
        .done()
        .thenApply(Optional::of)
        .completeOnTimeout(Optional.empty(), seconds * 1_000 + 1, TimeUnit.MILLISECONDS)
        .thenApply(_ -> shown(200, change));
  }

  /** Answers are for those who asked. */
  private static boolean mayLook(Principal principal, LongChanges.Change change) {
    return principal.role() == Role.ADMIN || principal.name().equals(change.principal());
  }

  static HttpResponse shown(int status, LongChanges.Change change) {
    HttpResponse answer = change.done().getNow(null);
    return Answers.json(
        status,
        json -> {
          json.writeStartObject();
          json.writeStringField("id", change.id());
          json.writeStringField("state", answer == null ? "running" : "done");
          json.writeStringField("method", change.method());
          json.writeStringField("path", change.path());
          json.writeStringField("since", Text.time(change.since()));
          if (answer != null) {
            write(json, answer);
          }
          json.writeEndObject();
        });
  }

  private static void write(JsonGenerator json, HttpResponse answer) throws IOException {
    json.writeNumberField("status", answer.status().intValue());
    Optional<String> location = answer.getHeader("Location").map(HttpHeader::value);
    if (location.isPresent()) {
      json.writeStringField("location", location.get());
    }
    if (answer.entity() instanceof HttpEntity.Strict strict && !strict.isKnownEmpty()) {
      json.writeFieldName("answer");
      json.writeTree(JsonBody.MAPPER.readTree(strict.getData().toArrayUnsafe()));
    }
  }
}
