package io.volant.adapter.simulated;

import io.volant.artifact.DiskFormat;
import io.volant.model.VmId;
import io.volant.vm.KernelShelf;
import io.volant.vm.LaunchSpec;
import io.volant.vm.VmDisks;
import io.volant.vm.VmFolders;
import io.volant.vm.WantedDisk;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.jspecify.annotations.Nullable;

/** The VMs' folders and the kernels of a simulated host. */
public final class SimulatedFolders implements VmFolders, VmDisks, KernelShelf {

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
      VmId vmId, List<String> modules, @Nullable String archive, byte[] bootDocument) {
    world.add("folder " + vmId);
    world.add("run files " + vmId);
    return CompletableFuture.completedFuture(pathOf(vmId) + "/initrd");
  }

  @Override
  public CompletionStage<List<LaunchSpec.BlockDevice>> ensure(VmId vmId, List<WantedDisk> wanted) {
    return CompletableFuture.completedFuture(
        wanted.stream().map(disk -> device(vmId, disk)).toList());
  }

  private LaunchSpec.BlockDevice device(VmId vmId, WantedDisk disk) {
    String own = pathOf(vmId) + "/" + disk.serial();
    world.add("disk " + vmId + " " + disk.serial());
    return switch (disk) {
      case WantedDisk.Shared(var serial, var path, var format) ->
          new LaunchSpec.BlockDevice(serial, path, format, true, null);
      case WantedDisk.Layered(var serial, var path, var format) ->
          new LaunchSpec.BlockDevice(
              serial, own, DiskFormat.QCOW2, false, new LaunchSpec.Base(path, format));
      case WantedDisk.Empty(var serial, _) ->
          new LaunchSpec.BlockDevice(serial, own, DiskFormat.RAW, false, null);
      case WantedDisk.Seed seed ->
          new LaunchSpec.BlockDevice(seed.serial(), own, DiskFormat.RAW, true, null);
    };
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
    world.removeAll("disk " + vmId + " ");
    return CompletableFuture.completedFuture(Done.getInstance());
  }

  @Override
  public CompletionStage<LaunchSpec.Kernel> choose(@Nullable String name) {
    return CompletableFuture.completedFuture(
        new LaunchSpec.Kernel("simulated", "/simulated/vmlinuz", true, List.of(), null, List.of()));
  }
}
