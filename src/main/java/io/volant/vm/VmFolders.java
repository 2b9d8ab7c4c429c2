package io.volant.vm;

import io.volant.model.VmId;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;

/** The VMs' folders below {@code VOLANT_HOME/vms}. Every call may be repeated. */
public interface VmFolders {

  /** Absolute path of a VM's folder; it need not exist. */
  String pathOf(VmId vmId);

  /**
   * Makes the folder (0700) and assembles the initramfs in it: the kernel's modules, the plugin's
   * archive, the boot document.
   *
   * @param kernel whose modules segment comes first
   * @param archive absolute path of the plugin's initramfs
   * @param bootDocument the document's bytes (see {@link BootDocument}); empty: none
   * @return absolute path of the assembled initramfs
   */
  CompletionStage<String> prepare(
      VmId vmId, LaunchSpec.Kernel kernel, String archive, byte[] bootDocument);

  /** Removes what one run of the VM needed (sockets, initramfs); the console log stays. */
  CompletionStage<Done> release(VmId vmId);

  /** Removes the whole folder. */
  CompletionStage<Done> delete(VmId vmId);
}
