package io.volant.adapter.guestlink;

import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** One of a VM's streams while it is in use. It is free again when all its directions are over. */
final class StreamPlace {

  private final Set<StreamPlace> taken;
  private final AtomicInteger openDirections;

  StreamPlace(Set<StreamPlace> taken, int directions) {
    this.taken = taken;
    this.openDirections = new AtomicInteger(directions);
  }

  void directionEnded() {
    if (openDirections.decrementAndGet() == 0) {
      giveBack();
    }
  }

  void giveBack() {
    taken.remove(this);
  }
}
