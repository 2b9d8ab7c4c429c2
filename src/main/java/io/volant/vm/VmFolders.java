package io.volant.vm;

import io.volant.model.VmId;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.jspecify.annotations.Nullable;

/** The VMs' folders below {@code VOLANT_HOME/vms}. Every call may be repeated. */
public interface VmFolders {

  /** Absolute path of a VM's folder; it need not exist. */
  String pathOf(VmId vmId);

  /**
   * Makes the folder (0700) and assembles the initramfs in it: kernel modules, archive, boot
   * document.
   *
   * @param modules absolute paths of the archives that come first
   * @param archive absolute path of the plugin's initramfs; null: one with nothing but the host's
   *     own agent as the first process
   * @param bootDocument the document's bytes (see {@link BootDocument}); empty: none
   * @return absolute path of the assembled initramfs
   */
  CompletionStage<String> prepare(
      VmId vmId, List<String> modules, @Nullable String archive, byte[] bootDocument);

  /** Removes what one run of the VM needed (sockets, initramfs); console log and disks stay. */
  CompletionStage<Done> release(VmId vmId);

  /** Removes the whole folder. */
  CompletionStage<Done> delete(VmId vmId);
}
