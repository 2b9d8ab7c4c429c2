package io.volant.vm;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a hypervisor process ended.
 *
 * @param code exit code; null when it died of a signal, or nobody was there to see
 * @param signal number of the signal that killed it, or null
 * @param reason one line for people
 * @param consoleTail the last lines of the guest's console, oldest first, at most 20 of 512
 *     characters
 */
public record VmExit(
    @Nullable Integer code, @Nullable Integer signal, String reason, List<String> consoleTail) {

  /** The reason of an end that the guest wanted itself. */
  public static final String POWERED_OFF = "the guest powered off";

  public VmExit {
    consoleTail = List.copyOf(consoleTail);
  }

  /** Whether the guest wanted it so, and nothing failed. */
  boolean poweredOff() {
    return reason.equals(POWERED_OFF);
  }
}
