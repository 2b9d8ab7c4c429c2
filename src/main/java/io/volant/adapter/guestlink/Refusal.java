package io.volant.adapter.guestlink;

import io.volant.vm.GuestException;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/** An answer of the agent that is not the one hoped for. */
final class Refusal {

  private static final int TEXT_BYTES_MAX = 1_024;
  private static final long TEXT_TIMEOUT_MS = 2_000;

  private Refusal() {}

  /** Always fails, with the agent's own words where it has some. */
  static <T> CompletionStage<T> of(ActorSystem<?> system, HttpResponse response, String what) {
    return response
        .entity()
        .withSizeLimit(TEXT_BYTES_MAX)
        .toStrict(TEXT_TIMEOUT_MS, system)
        .handle((strict, failure) -> {
          String words = failure != null ? "" : strict.getData().utf8String().strip();
          throw new GuestException(
              reason(response.status().intValue()),
              "the VM's agent refused %s: %s"
                  .formatted(
                      what, words.isEmpty() ? response.status().toString() : printable(words)));
        });
  }

  private static GuestException.Reason reason(int status) {
    return switch (status) {
      case 400 -> GuestException.Reason.INVALID;
      case 404 -> GuestException.Reason.PATH_NOT_FOUND;
      case 409 -> GuestException.Reason.PATH_CONFLICT;
      case 503 -> GuestException.Reason.BUSY;
      case 507 -> GuestException.Reason.FULL;
      default -> GuestException.Reason.UNREACHABLE;
    };
  }

  /** Without what a terminal would obey: the words come from the guest. */
  static String printable(String words) {
    return words.replaceAll("\\p{Cntrl}", " ");
  }
}
