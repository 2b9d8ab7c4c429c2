package io.volant.adapter.simulated;

import io.volant.model.VmId;
import io.volant.vm.GuestSignal;
import io.volant.vm.HealthProbes;
import java.util.function.Consumer;

/** Probes of a simulated host: a workload without an agent is healthy as soon as one asks. */
public final class SimulatedProbes implements HealthProbes {

  private final SimulatedWorld world;

  public SimulatedProbes(SimulatedWorld world) {
    this.world = world;
  }

  @Override
  public void open(VmId vmId, Target target, Consumer<GuestSignal.HealthChanged> listener) {
    world.listen(
        vmId,
        signal -> {
          if (signal instanceof GuestSignal.HealthChanged changed) {
            listener.accept(changed);
          }
        });
  }

  @Override
  public void close(VmId vmId) {
    world.ignore(vmId);
  }
}
