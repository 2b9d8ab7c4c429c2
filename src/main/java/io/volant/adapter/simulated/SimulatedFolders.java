package io.volant.adapter.simulated;

import io.volant.model.VmId;
import io.volant.vm.KernelShelf;
import io.volant.vm.LaunchSpec;
import io.volant.vm.VmFolders;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.jspecify.annotations.Nullable;

/** The VMs' folders and the kernels of a simulated host. */
public final class SimulatedFolders implements VmFolders, KernelShelf {

  private final SimulatedWorld world;

  public SimulatedFolders(SimulatedWorld world) {
    this.world = world;
  }

  @Override
  public String pathOf(VmId vmId) {
    return "/simulated/vms/" + vmId;
  }

  @Override
  public CompletionStage<String> prepare(
      VmId vmId, LaunchSpec.Kernel kernel, String archive, byte[] bootDocument) {
    world.add("folder " + vmId);
    world.add("run files " + vmId);
    return CompletableFuture.completedFuture(pathOf(vmId) + "/initrd");
  }

  @Override
  public CompletionStage<Done> release(VmId vmId) {
    world.remove("run files " + vmId);
    return CompletableFuture.completedFuture(Done.getInstance());
  }

  @Override
  public CompletionStage<Done> delete(VmId vmId) {
    world.remove("run files " + vmId);
    world.remove("folder " + vmId);
    return CompletableFuture.completedFuture(Done.getInstance());
  }

  @Override
  public CompletionStage<LaunchSpec.Kernel> choose(@Nullable String name) {
    return CompletableFuture.completedFuture(
        new LaunchSpec.Kernel("simulated", "/simulated/vmlinuz", true, List.of(), null));
  }
}
