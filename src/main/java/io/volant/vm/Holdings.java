package io.volant.vm;

import io.volant.artifact.StoredArtifact;
import io.volant.model.Lease;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a VM holds on the host.
 *
 * @param claims what exists, or may exist
 * @param lease its address
 * @param sources what its latest start is made from
 * @param prepared what was made of them
 * @param handle its process
 */
public record Holdings(
    Set<Claim> claims,
    @Nullable Lease lease,
    @Nullable Sources sources,
    @Nullable Prepared prepared,
    @Nullable VmHandle handle) {

  /**
   * What a start is made from; shared with other VMs.
   *
   * @param boot its boot medium in the store
   * @param disks the images of its further disks there, in the config's order
   */
  public record Sources(StoredArtifact boot, List<StoredArtifact> disks, LaunchSpec.Kernel kernel) {
    public Sources {
      disks = List.copyOf(disks);
    }
  }

  /**
   * What was made for a start, in the VM's folder.
   *
   * @param initrd the assembled initramfs
   * @param disks its disks, in their order
   */
  public record Prepared(String initrd, List<LaunchSpec.BlockDevice> disks) {
    public Prepared {
      disks = List.copyOf(disks);
    }
  }

  public Holdings {
    claims = Set.copyOf(claims);
  }

  static Holdings none() {
    return new Holdings(Set.of(), null, null, null, null);
  }

  Holdings claiming(Set<Claim> more) {
    EnumSet<Claim> all = EnumSet.noneOf(Claim.class);
    all.addAll(claims);
    all.addAll(more);
    return new Holdings(all, lease, sources, prepared, handle);
  }

  Holdings with(Sources newSources) {
    return new Holdings(claims, lease, newSources, prepared, handle);
  }

  Holdings with(Lease newLease) {
    return new Holdings(claims, newLease, sources, prepared, handle)
        .claiming(Set.of(Claim.ADDRESS));
  }

  Holdings with(Prepared newPrepared) {
    return new Holdings(claims, lease, sources, newPrepared, handle);
  }

  Holdings with(VmHandle newHandle) {
    return new Holdings(claims, lease, sources, prepared, newHandle)
        .claiming(Set.of(Claim.PROCESS));
  }

  Holdings withoutProcess() {
    return new Holdings(claims, lease, sources, prepared, null);
  }

  Holdings without(Set<Claim> released) {
    EnumSet<Claim> left = EnumSet.noneOf(Claim.class);
    claims.stream().filter(claim -> !released.contains(claim)).forEach(left::add);
    return new Holdings(
        left,
        left.contains(Claim.ADDRESS) ? lease : null,
        sources,
        released.contains(Claim.RUN_FILES) ? null : prepared,
        left.contains(Claim.PROCESS) ? handle : null);
  }
}
