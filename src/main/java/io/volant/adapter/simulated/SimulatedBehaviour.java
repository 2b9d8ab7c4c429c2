package io.volant.adapter.simulated;

import java.util.HashMap;
import java.util.Map;

/**
 * How a simulated VM behaves: what {@code simulated.*} words on its kernel command line say, over
 * the driver's defaults.
 *
 * @param launchMs from launch until the process runs
 * @param readyMs from there until the agent answers
 * @param healthyMs from there until the probe succeeds; negative: never
 * @param dieAfterMs from the launch until the process dies by itself; negative: never
 * @param workloadDiesAfterMs from its start until the workload dies, once; negative: never
 * @param shutdownMs how long an orderly shutdown takes; negative: it is ignored
 * @param launchFails whether the launch fails
 */
public record SimulatedBehaviour(
    long launchMs,
    long readyMs,
    long healthyMs,
    long dieAfterMs,
    long workloadDiesAfterMs,
    long shutdownMs,
    boolean launchFails) {

  private static final String PREFIX = "simulated.";

  /** A VM that does everything right, at once. */
  public static SimulatedBehaviour instant() {
    return new SimulatedBehaviour(0, 0, 0, -1, -1, 0, false);
  }

  /** This behaviour, changed by the words of a kernel command line. */
  SimulatedBehaviour with(String kernelCommandLine) {
    Map<String, String> words = new HashMap<>();
    for (String word : kernelCommandLine.split(" ", -1)) {
      int equals = word.indexOf('=');
      if (word.startsWith(PREFIX) && equals > 0) {
        words.put(word.substring(PREFIX.length(), equals), word.substring(equals + 1));
      }
    }
    return new SimulatedBehaviour(
        number(words, "launch_ms", launchMs),
        number(words, "ready_ms", readyMs),
        number(words, "healthy_ms", healthyMs),
        number(words, "die_after_ms", dieAfterMs),
        number(words, "workload_dies_after_ms", workloadDiesAfterMs),
        number(words, "shutdown_ms", shutdownMs),
        words.containsKey("launch_fails") || launchFails);
  }

  private static long number(Map<String, String> words, String name, long otherwise) {
    String text = words.get(name);
    return text != null && text.matches("-?[0-9]{1,9}") ? Long.parseLong(text) : otherwise;
  }
}
