package io.volant.host;

import io.volant.artifact.ArtifactException;
import io.volant.host.HostReply.Reason;
import io.volant.host.HostReply.Refused;
import io.volant.model.FieldProblem;
import io.volant.network.NetworkReply;
import io.volant.plugin.PluginReply;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** The host's refusals in words. */
final class Refusals {

  private Refusals() {}

  static Refused of(Reason reason, String field, String message) {
    return new Refused(reason, field + ": " + message, List.of(new FieldProblem(field, message)));
  }

  static Refused of(VmPlan plan, HostCapacity capacity) {
    Reason reason = plan.isTooLarge(capacity) ? Reason.HOST_RESOURCES_EXCEEDED : Reason.INVALID;
    FieldProblem first = plan.problems().getFirst();
    return new Refused(reason, first.field() + ": " + first.message(), plan.problems());
  }

  static Refused of(NetworkReply.Refused refused) {
    Reason reason =
        switch (refused.reason()) {
          case EXHAUSTED -> Reason.ADDRESS_POOL_EXHAUSTED;
          case UNAVAILABLE -> Reason.NETWORK_UNAVAILABLE;
        };
    return of(reason, "network", refused.message());
  }

  static Refused ofArtifact(String field, @Nullable Throwable failure) {
    ArtifactException why = artifactException(failure);
    return switch (why.kind()) {
      case UNAVAILABLE, TOO_LARGE -> of(Reason.ARTIFACT_UNAVAILABLE, field + ".url", message(why));
      case CHECKSUM_MISMATCH -> of(Reason.CHECKSUM_MISMATCH, field + ".checksum", message(why));
    };
  }

  static PluginReply.Refused ofPluginArtifact(String field, @Nullable Throwable failure) {
    ArtifactException why = artifactException(failure);
    return switch (why.kind()) {
      case UNAVAILABLE, TOO_LARGE ->
          new PluginReply.Refused(
              PluginReply.Reason.ARTIFACT_UNAVAILABLE, field + ".url: " + message(why));
      case CHECKSUM_MISMATCH ->
          new PluginReply.Refused(
              PluginReply.Reason.CHECKSUM_MISMATCH, field + ".checksum: " + message(why));
    };
  }

  private static ArtifactException artifactException(@Nullable Throwable failure) {
    Throwable cause = failure;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause instanceof ArtifactException known
        ? known
        : new ArtifactException(ArtifactException.Kind.UNAVAILABLE, String.valueOf(cause));
  }

  private static String message(Throwable failure) {
    return String.valueOf(failure.getMessage());
  }
}
