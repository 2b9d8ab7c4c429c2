package io.volant.vm;

import io.volant.artifact.DiskFormat;
import org.jspecify.annotations.Nullable;

/** A disk that a VM shall have. */
public sealed interface WantedDisk {

  /** By which the guest finds it, 1 to 20 of {@code [A-Za-z0-9._-]}; unique in the VM. */
  String serial();

  /** A file of the store as it is, shared by all VMs; nobody writes to it. */
  record Shared(String serial, String path, DiskFormat format) implements WantedDisk {}

  /** A disk of the VM's own on top of a file of the store: it holds what the guest changes. */
  record Layered(String serial, String path, DiskFormat format) implements WantedDisk {}

  /** A disk of the VM's own with an empty ext4 file system. */
  record Empty(String serial, long sizeBytes) implements WantedDisk {}

  /**
   * A small read-only disk with the documents of cloud-init, made anew for each start.
   *
   * @param networkConfig null: none
   */
  record Seed(String serial, String userData, String metaData, @Nullable String networkConfig)
      implements WantedDisk {}
}
