package io.volant.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

/** What the JSON of a VM says about how it is. */
record VmState(String status, String health, String reason, JsonNode console) {

  static VmState of(JsonNode vm) {
    JsonNode exit = vm.path("exit");
    String reason = exit.path("reason").asText("");
    return new VmState(
        vm.path("status").asText("unknown"),
        vm.path("health").asText("unknown"),
        reason.isEmpty() ? vm.path("reason").asText("") : reason,
        exit.path("console").isArray()
            ? exit.path("console")
            : JsonNodeFactory.instance.arrayNode());
  }

  boolean reached(String goal) {
    return switch (goal) {
      case "healthy" -> status.equals("running") && health.equals("healthy");
      default -> status.equals(goal);
    };
  }

  /** Whether it has ended where it should have started. */
  boolean failed(String goal) {
    return status.equals("crashed") || (status.equals("stopped") && !goal.equals("stopped"));
  }

  static Terminal.Colour colourOf(String word) {
    return switch (word) {
      case "running", "healthy" -> Terminal.Colour.GREEN;
      case "crashed", "unhealthy" -> Terminal.Colour.RED;
      case "starting", "stopping", "pending" -> Terminal.Colour.YELLOW;
      default -> Terminal.Colour.GREY;
    };
  }
}
