package io.volant.vm;

import java.time.Instant;

/**
 * What is wanted of a VM, whatever it was started with.
 *
 * @param newest the config that its next start uses
 * @param since when that came
 * @param cause the request that it came with
 * @param restarts what its restart policy has come to
 */
public record Intent(Vm.Versioned newest, Instant since, String cause, Restarts restarts) {

  /** The policy that counts: that of the newest config, at once. */
  public RestartPolicy policy() {
    return newest.config().restartPolicy();
  }

  Intent with(Restarts now) {
    return new Intent(newest, since, cause, now);
  }

  Intent changed(VmEvent.ConfigChanged event) {
    boolean never = event.config().restartPolicy().when() == RestartPolicy.When.NO;
    return new Intent(
        new Vm.Versioned(event.version(), event.config()),
        event.stamp().at(),
        event.stamp().cause(),
        never ? restarts.cancelled() : restarts);
  }
}
