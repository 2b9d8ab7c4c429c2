package io.volant.vm;

import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;

/**
 * The port to a hypervisor. Every call may be repeated: an actor that comes back after a crash of
 * the daemon asks again for what its state says is outstanding.
 */
public interface Hypervisor {

  /** The driver's name, as handles carry it: {@code qemu}, {@code simulated}. */
  String driver();

  /**
   * Sees to it that the VM's process runs, detached from the daemon. A process of the same VM that
   * an earlier daemon started and could not record is found and taken over, never doubled.
   *
   * @return the handle, or a failure whose message tells a person why (the last console lines among
   *     it)
   */
  CompletionStage<VmHandle> launch(LaunchSpec spec);

  /**
   * Looks whether the process behind a handle is still the same one, and answers. Never starts,
   * stops or kills anything.
   */
  CompletionStage<Adoption> adopt(VmHandle handle);

  /**
   * Completes when the process has ended, at the latest a second after; never fails. Call it once
   * for a launched or adopted handle.
   */
  CompletionStage<VmExit> exited(VmHandle handle);

  /**
   * Ends whatever process this VM still has, by force, and completes when it is gone. Done at once
   * where there is none. Also finds a process that was never recorded, by the run directory.
   */
  CompletionStage<Done> kill(KillSpec spec);

  /**
   * The serial console of a launched or adopted VM. Nothing is opened yet.
   *
   * @throws GuestException if its process has ended
   */
  SerialConsole console(VmHandle handle);
}
