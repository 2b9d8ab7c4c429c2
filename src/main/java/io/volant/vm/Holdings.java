package io.volant.vm;

import io.volant.artifact.StoredArtifact;
import io.volant.model.Lease;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a VM holds on the host.
 *
 * @param claims what exists, or may exist
 * @param lease its address
 * @param artifact its boot medium in the store
 * @param kernel its kernel
 * @param initrd the assembled initramfs
 * @param handle its process
 */
public record Holdings(
    Set<Claim> claims,
    @Nullable Lease lease,
    @Nullable StoredArtifact artifact,
    LaunchSpec.@Nullable Kernel kernel,
    @Nullable String initrd,
    @Nullable VmHandle handle) {

  public Holdings {
    claims = Set.copyOf(claims);
  }

  static Holdings none() {
    return new Holdings(Set.of(), null, null, null, null, null);
  }

  Holdings claiming(Set<Claim> more) {
    EnumSet<Claim> all = EnumSet.noneOf(Claim.class);
    all.addAll(claims);
    all.addAll(more);
    return new Holdings(all, lease, artifact, kernel, initrd, handle);
  }

  Holdings with(StoredArtifact newArtifact, LaunchSpec.Kernel newKernel) {
    return new Holdings(claims, lease, newArtifact, newKernel, initrd, handle);
  }

  Holdings with(Lease newLease) {
    return new Holdings(claims, newLease, artifact, kernel, initrd, handle)
        .claiming(Set.of(Claim.ADDRESS));
  }

  Holdings withInitrd(String newInitrd) {
    return new Holdings(claims, lease, artifact, kernel, newInitrd, handle);
  }

  Holdings with(VmHandle newHandle) {
    return new Holdings(claims, lease, artifact, kernel, initrd, newHandle)
        .claiming(Set.of(Claim.PROCESS));
  }

  Holdings withoutProcess() {
    return new Holdings(claims, lease, artifact, kernel, initrd, null);
  }

  Holdings without(Set<Claim> released) {
    EnumSet<Claim> left = EnumSet.noneOf(Claim.class);
    claims.stream().filter(claim -> !released.contains(claim)).forEach(left::add);
    return new Holdings(
        left,
        left.contains(Claim.ADDRESS) ? lease : null,
        artifact,
        kernel,
        released.contains(Claim.RUN_FILES) ? null : initrd,
        left.contains(Claim.PROCESS) ? handle : null);
  }
}
