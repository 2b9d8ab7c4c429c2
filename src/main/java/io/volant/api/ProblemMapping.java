package io.volant.api;

import io.volant.vm.GuestException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.scaladsl.model.EntityStreamException;
import org.apache.pekko.http.scaladsl.model.EntityStreamSizeException;
import org.apache.pekko.http.scaladsl.model.IllegalUriException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a failure is to a client. */
final class ProblemMapping {

  private static final Logger LOG = LoggerFactory.getLogger(ProblemMapping.class);

  private final JsonBody bodies;

  ProblemMapping(JsonBody bodies) {
    this.bodies = bodies;
  }

  /** The problem behind a failure; what is not foreseen is logged under the request's id. */
  Problem of(@Nullable Throwable failure, String requestId) {
    Throwable root = root(failure);
    return switch (root) {
      case ProblemException known -> known.problem();
      case EntityStreamSizeException _ -> bodies.tooLarge();
      case EntityStreamException broken ->
          Problem.of(
              ErrorCode.INVALID_JSON, "the body broke off: " + Text.shown(broken.getMessage()));
      case IllegalUriException broken ->
          Problem.ofField("url", "cannot be read: " + Text.shown(broken.getMessage()));
      case GuestException refused ->
          Problem.of(code(refused.reason()), Text.shown(refused.getMessage()));
      case TimeoutException _ ->
          Problem.of(
              ErrorCode.OVERLOADED,
              "volantd did not answer in time; what was asked may still happen");
      case null, default -> {
        LOG.error("request {} failed", requestId, root);
        yield Problem.of(
            ErrorCode.INTERNAL,
            "something went wrong inside volantd; its log has request " + requestId);
      }
    };
  }

  private static ErrorCode code(GuestException.Reason reason) {
    return switch (reason) {
      case UNREACHABLE -> ErrorCode.GUEST_UNREACHABLE;
      case INVALID -> ErrorCode.INVALID_FIELD;
      case PATH_NOT_FOUND -> ErrorCode.PATH_NOT_FOUND;
      case PATH_CONFLICT -> ErrorCode.PATH_CONFLICT;
      case BUSY -> ErrorCode.GUEST_BUSY;
      case FULL -> ErrorCode.GUEST_FULL;
    };
  }

  /** The same as an answer, with the headers that belong to it. */
  HttpResponse response(@Nullable Throwable failure, String requestId) {
    HttpResponse response = of(failure, requestId).response();
    return root(failure) instanceof ProblemException known
        ? response.addHeaders(known.headers())
        : response;
  }

  /** The failure itself, without what futures wrap around it. */
  static @Nullable Throwable root(@Nullable Throwable failure) {
    Throwable root = failure;
    while ((root instanceof CompletionException || root instanceof ExecutionException)
        && root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }
}
