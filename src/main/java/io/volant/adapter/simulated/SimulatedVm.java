package io.volant.adapter.simulated;

import io.volant.vm.GuestSignal;
import io.volant.vm.VmExit;
import io.volant.vm.VmHandle;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One simulated process and the guest in it. Guarded by the world's lock. */
final class SimulatedVm {

  final VmHandle handle;
  final SimulatedBehaviour behaviour;
  final CompletableFuture<VmExit> exit = new CompletableFuture<>();
  final SimulatedConsole console = new SimulatedConsole(exit::isDone);
  @Nullable Consumer<GuestSignal> listener;
  boolean isReady;
  boolean isHealthy;
  boolean isWorkloadAlive;
  int workloadRun;

  SimulatedVm(VmHandle handle, SimulatedBehaviour behaviour) {
    this.handle = handle;
    this.behaviour = behaviour;
  }
}
