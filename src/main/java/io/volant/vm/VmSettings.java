package io.volant.vm;

import java.util.List;

/**
 * The patience that VM actors have, in milliseconds, and what guests get where nobody says.
 *
 * @param startTimeoutMs from launch until the guest's workload has started
 * @param stopTimeoutMs from asking the guest to stop until force
 * @param silenceMs how long a link may be down before health is unknown
 * @param retryMinMs first pause before something that did not work is tried again
 * @param retryMaxMs longest such pause; it doubles in between
 * @param guests what guests get where nobody says
 */
public record VmSettings(
    long startTimeoutMs,
    long stopTimeoutMs,
    long silenceMs,
    long retryMinMs,
    long retryMaxMs,
    ForGuests guests) {

  /**
   * What guests get where nobody says.
   *
   * @param dns IPv4 addresses of resolvers, at most 3
   * @param overlayBytes size of the disk for changes to a read-only root file system
   */
  public record ForGuests(List<String> dns, long overlayBytes) {
    public ForGuests {
      dns = List.copyOf(dns);
    }
  }
}
