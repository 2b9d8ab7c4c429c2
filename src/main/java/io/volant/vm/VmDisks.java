package io.volant.vm;

import io.volant.model.VmId;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * The disks of VMs: they lie in a VM's folder, from its first start until {@link VmFolders#delete}.
 */
public interface VmDisks {

  /**
   * Sees to it that these disks are there; what a guest has written stays as it is. A disk that was
   * being made when the daemon died is made anew. The VM's folder must be there. May be repeated.
   *
   * @return the disks to attach, in the order of the wanted ones, or a failure with a message for
   *     people: a program that is not installed, a full disk
   */
  CompletionStage<List<LaunchSpec.BlockDevice>> ensure(VmId vmId, List<WantedDisk> wanted);
}
