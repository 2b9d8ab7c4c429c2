package io.volant.adapter.simulated;

import io.volant.vm.Adoption;
import io.volant.vm.GuestException;
import io.volant.vm.Hypervisor;
import io.volant.vm.KillSpec;
import io.volant.vm.LaunchSpec;
import io.volant.vm.SerialConsole;
import io.volant.vm.VmExit;
import io.volant.vm.VmHandle;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;

/** The hypervisor of a simulated host. */
public final class SimulatedHypervisor implements Hypervisor {

  static final String DRIVER = "simulated";
  private static final int SIGKILL = 9;
  private static final String LOST = "lost while the daemon was down";

  private final SimulatedWorld world;

  public SimulatedHypervisor(SimulatedWorld world) {
    this.world = world;
  }

  @Override
  public String driver() {
    return DRIVER;
  }

  @Override
  public CompletionStage<VmHandle> launch(LaunchSpec spec) {
    return world.launch(spec);
  }

  @Override
  public CompletionStage<Adoption> adopt(VmHandle handle) {
    Adoption adoption =
        world.find(handle).isPresent()
            ? new Adoption.Alive()
            : new Adoption.Gone(new VmExit(null, null, LOST, List.of()));
    return CompletableFuture.completedFuture(adoption);
  }

  @Override
  public CompletionStage<VmExit> exited(VmHandle handle) {
    return world
        .find(handle)
        .<CompletionStage<VmExit>>map(vm -> vm.exit)
        .orElseGet(() ->
            CompletableFuture.completedFuture(
                new VmExit(null, null, "it was gone already", List.of())));
  }

  @Override
  public CompletionStage<Done> kill(KillSpec spec) {
    world.end(spec.vmId(), new VmExit(null, SIGKILL, "killed by signal 9 (SIGKILL)", List.of()));
    return CompletableFuture.completedFuture(Done.getInstance());
  }

  @Override
  public SerialConsole console(VmHandle handle) {
    return world
        .find(handle)
        .map(vm -> vm.console)
        .orElseThrow(() -> new GuestException("the VM's process has just ended"));
  }
}
