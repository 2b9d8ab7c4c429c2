package io.volant.adapter.qemu;

import io.volant.adapter.process.ProcessTable;
import io.volant.adapter.process.ProcessTable.ProcessIdentity;
import io.volant.vm.KillSpec;
import io.volant.vm.VmHandle;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Finds VMs' processes on the host, and ends them. Blocks. */
final class QemuProcesses {

  private static final Duration KILL_LIMIT = Duration.ofSeconds(10);
  private static final Duration LOOK_INTERVAL = Duration.ofMillis(2);

  private final ProcessTable table = new ProcessTable();

  String bootId() throws IOException {
    return table.bootId();
  }

  /** The process with this pid now; empty: none, or it has ended. */
  Optional<ProcessIdentity> find(long pid) throws IOException {
    return table.find(pid);
  }

  /** The VM's processes, recognised by their command line: none or one, if nothing went wrong. */
  List<ProcessIdentity> of(RunFiles files) throws IOException {
    return table.matching(words -> QemuCommandLine.belongsTo(words, files)).stream()
        .map(ProcessTable.CommandLine::identity)
        .toList();
  }

  /** Whether the handle's process still is the one that the handle means. */
  boolean isAlive(VmHandle handle) throws IOException {
    return handle.bootId().equals(table.bootId())
        && table
            .find(handle.pid())
            .filter(found -> found.startTicks() == handle.startTicks())
            .isPresent();
  }

  /**
   * Ends what the VM has, and waits until it is gone.
   *
   * @throws IOException if /proc does not say what is what (then nothing was killed), or a process
   *     does not go away
   */
  void kill(KillSpec spec) throws IOException, InterruptedException {
    Set<ProcessIdentity> targets = new LinkedHashSet<>(of(RunFiles.of(spec.runDirectory())));
    VmHandle handle = spec.handle();
    if (handle != null && isAlive(handle)) {
      targets.add(new ProcessIdentity(handle.pid(), handle.startTicks()));
    }
    for (ProcessIdentity target : targets) {
      killOne(target);
    }
    for (ProcessIdentity target : targets) {
      awaitEnd(target);
    }
  }

  private void killOne(ProcessIdentity target) throws IOException {
    if (!isThere(target)) {
      return;
    }
    Optional<ProcessHandle> process = ProcessHandle.of(target.pid());
    // Looked at once more, after the handle was had: Java itself signals only the process that had
    // this start time when the handle was made, so a pid that is taken by another is never hit.
    if (process.isPresent() && isThere(target) && !process.get().destroyForcibly()) {
      if (isThere(target)) {
        throw new IOException(
            "no permission to kill pid " + target.pid() + ": is it another user's?");
      }
    }
  }

  private void awaitEnd(ProcessIdentity target) throws IOException, InterruptedException {
    long deadlineNanos = System.nanoTime() + KILL_LIMIT.toNanos();
    while (isThere(target)) {
      if (System.nanoTime() > deadlineNanos) {
        throw new IOException(
            "pid "
                + target.pid()
                + " was killed and is still there after "
                + KILL_LIMIT.toSeconds()
                + " s: it waits in the kernel, for a disk or a device");
      }
      Thread.sleep(LOOK_INTERVAL);
    }
  }

  private boolean isThere(ProcessIdentity target) throws IOException {
    return table.find(target.pid()).filter(target::equals).isPresent();
  }
}
