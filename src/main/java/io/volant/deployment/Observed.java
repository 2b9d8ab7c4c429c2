package io.volant.deployment;

import java.time.Instant;

/**
 * A sighting, and since when it is as ready, or as little ready, as it is.
 *
 * @param since {@link Instant#EPOCH} for one that was not ready from the first
 */
record Observed(Sighting sighting, Instant since) {

  static Observed first(Sighting sighting, Instant now) {
    return new Observed(sighting, sighting.isReady() ? now : Instant.EPOCH);
  }

  /** The same VM as it is now. */
  Observed next(Sighting now, Instant at) {
    if (!now.vmId().equals(sighting.vmId())) {
      return first(now, at);
    }
    return new Observed(now, now.isReady() == sighting.isReady() ? since : at);
  }
}
