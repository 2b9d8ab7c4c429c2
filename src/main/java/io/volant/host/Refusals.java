package io.volant.host;

import io.volant.artifact.ArtifactException;
import io.volant.artifact.ArtifactRef;
import io.volant.host.HostReply.Reason;
import io.volant.host.HostReply.Refused;
import io.volant.host.Media.MediaException;
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

  /** What a VM is made of cannot be had. */
  static Refused ofMedia(@Nullable Throwable failure) {
    Throwable cause = cause(failure);
    if (cause instanceof MediaDesk.NoRoomException noRoom) {
      return of(Reason.INVALID, "config.kernel_override", message(noRoom));
    }
    MediaException media = mediaException(cause);
    ArtifactException why = media.why();
    Reason reason =
        switch (why.kind()) {
          case UNAVAILABLE, TOO_LARGE -> Reason.ARTIFACT_UNAVAILABLE;
          case CHECKSUM_MISMATCH -> Reason.CHECKSUM_MISMATCH;
          case UNUSABLE -> Reason.INVALID;
        };
    return of(reason, field(media), message(why));
  }

  /** What a plugin brings cannot be had. */
  static PluginReply.Refused ofPluginMedia(@Nullable Throwable failure) {
    MediaException media = mediaException(cause(failure));
    ArtifactException why = media.why();
    return new PluginReply.Refused(reason(why), field(media) + ": " + message(why));
  }

  /** A further file of a plugin cannot be had. */
  static PluginReply.Refused ofArtifact(@Nullable Throwable failure) {
    ArtifactException why = artifactException(failure);
    return new PluginReply.Refused(reason(why), "source_url: " + message(why));
  }

  private static PluginReply.Reason reason(ArtifactException why) {
    return switch (why.kind()) {
      case UNAVAILABLE, TOO_LARGE -> PluginReply.Reason.ARTIFACT_UNAVAILABLE;
      case CHECKSUM_MISMATCH -> PluginReply.Reason.CHECKSUM_MISMATCH;
      case UNUSABLE -> PluginReply.Reason.INVALID;
    };
  }

  private static String field(MediaException media) {
    MediaPlan.Item item = media.item();
    return switch (media.why().kind()) {
      case UNAVAILABLE, TOO_LARGE -> item.locationField();
      case CHECKSUM_MISMATCH -> item.field() + ".checksum";
      case UNUSABLE -> item.field() + ".format";
    };
  }

  private static MediaException mediaException(@Nullable Throwable cause) {
    if (cause instanceof MediaException known) {
      return known;
    }
    // nothing else is known to fail there; should it, the one who asks hears of it
    return new MediaException(
        new MediaPlan.Item("plugin", new ArtifactRef("", null), null, null, null),
        new ArtifactException(ArtifactException.Kind.UNAVAILABLE, String.valueOf(cause)));
  }

  static ArtifactException artifactException(@Nullable Throwable failure) {
    Throwable cause = cause(failure);
    return cause instanceof ArtifactException known
        ? known
        : new ArtifactException(ArtifactException.Kind.UNAVAILABLE, String.valueOf(cause));
  }

  private static @Nullable Throwable cause(@Nullable Throwable failure) {
    Throwable cause = failure;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }

  private static String message(Throwable failure) {
    return String.valueOf(failure.getMessage());
  }
}
