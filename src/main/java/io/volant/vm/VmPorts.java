package io.volant.vm;

import io.volant.artifact.ArtifactStore;

/** What a VM's actor acts through. */
public record VmPorts(
    Hypervisor hypervisor,
    Guest guest,
    HealthProbes probes,
    Taps taps,
    VmFolders folders,
    VmDisks disks,
    KernelShelf kernels,
    ArtifactStore artifacts) {}
