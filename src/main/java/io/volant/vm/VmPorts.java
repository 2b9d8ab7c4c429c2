package io.volant.vm;

import io.volant.artifact.ArtifactStore;

/** What a VM's actor acts through. */
public record VmPorts(
    Hypervisor hypervisor,
    Guest guest,
    Taps taps,
    VmFolders folders,
    KernelShelf kernels,
    ArtifactStore artifacts) {}
