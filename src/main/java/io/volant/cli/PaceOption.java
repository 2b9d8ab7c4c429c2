package io.volant.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How fast an update of a deployment may go. */
final class PaceOption {
  @Option(
      names = "--max-unavailable",
      paramLabel = "N",
      description = "How many VMs an update may take away at once.")
  private @Nullable Integer maxUnavailable;

  /** Puts it into a request, if it was given. */
  void addTo(ObjectNode request) {
    if (maxUnavailable != null) {
      request.put("max_unavailable", maxUnavailable);
    }
  }
}
