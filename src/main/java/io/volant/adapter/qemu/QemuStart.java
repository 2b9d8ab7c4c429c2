package io.volant.adapter.qemu;

import io.volant.adapter.process.ProcessTable.ProcessIdentity;
import io.volant.vm.LaunchSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Sees to it that a VM's QEMU runs and answers. Blocks. */
final class QemuStart {

  private static final Duration SOCKET_LOOK_INTERVAL = Duration.ofMillis(2);
  private static final int SHOWN_LINES_MAX = 3;

  /** Takes a process under watch, or finds the watch that there is. */
  @FunctionalInterface
  interface Watches {
    QemuProcess watch(ProcessIdentity identity, RunFiles files, @Nullable Process child);
  }

  private final QemuSettings settings;
  private final QemuProcesses processes;
  private final QemuLauncher launcher;
  private final Watches watches;

  QemuStart(QemuSettings settings, QemuProcesses processes, Watches watches) {
    this.settings = settings;
    this.processes = processes;
    this.launcher = new QemuLauncher(settings.binary());
    this.watches = watches;
  }

  /**
   * Finds the VM's process, or starts it, and waits until QMP answers.
   *
   * @throws IOException with a message for people; a process that does not answer is left alone
   */
  QemuProcess ensureStarted(LaunchSpec spec) throws IOException, InterruptedException {
    RunFiles files = RunFiles.of(spec.runDirectory());
    files.requireUsable();
    Optional<QemuProcess> running = runningAlready(files);
    if (running.isPresent()) {
      return running.get();
    }
    QemuProcess started = startNew(spec, files);
    try {
      awaitAnswer(started, files);
      return started;
    } catch (IOException e) {
      // QEMU's lock on the pid file decides between two that were started at once: where ours lost,
      // the winner is what was wanted.
      Optional<QemuProcess> winner = runningAlready(files);
      if (started.hasEnded() && winner.isPresent()) {
        return winner.get();
      }
      throw e;
    }
  }

  private Optional<QemuProcess> runningAlready(RunFiles files)
      throws IOException, InterruptedException {
    List<ProcessIdentity> found = processes.of(files);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    QemuProcess process = watches.watch(found.getFirst(), files, null);
    awaitAnswer(process, files);
    return Optional.of(process);
  }

  private QemuProcess startNew(LaunchSpec spec, RunFiles files) throws IOException {
    String binary = launcher.locateBinary().toString();
    Process child =
        launcher.start(
            QemuCommandLine.of(binary, spec, settings.kvm(), settings.hostClockKhz()), files);
    ProcessIdentity identity =
        processes
            .find(child.pid())
            .orElseThrow(() -> new IOException(endedAtOnce(child.pid(), "", files)));
    return watches.watch(identity, files, child);
  }

  private void awaitAnswer(QemuProcess process, RunFiles files)
      throws IOException, InterruptedException {
    long deadlineNanos = System.nanoTime() + settings.greetingTimeout().toNanos();
    while (!Files.exists(files.qmpSocket())) {
      requireAlive(process, files);
      if (System.nanoTime() > deadlineNanos) {
        throw silent(process, "there is no " + files.qmpSocket());
      }
      Thread.sleep(SOCKET_LOOK_INTERVAL);
    }
    String problem = "";
    while (System.nanoTime() < deadlineNanos) {
      requireAlive(process, files);
      long leftNanos = Math.max(1, deadlineNanos - System.nanoTime());
      try {
        process
            .qmp(Duration.ofNanos(leftNanos))
            .toCompletableFuture()
            .get(leftNanos, TimeUnit.NANOSECONDS);
        return;
      } catch (ExecutionException | TimeoutException e) {
        // The name is there a moment before QEMU listens, or a killed QEMU has left it behind.
        // It is not removed here: should another QEMU of this VM be starting, it would be its.
        problem = e instanceof TimeoutException ? "no greeting" : String.valueOf(e.getMessage());
        Thread.sleep(SOCKET_LOOK_INTERVAL);
      }
    }
    throw silent(process, problem);
  }

  private static void requireAlive(QemuProcess process, RunFiles files) throws IOException {
    if (process.hasEnded()) {
      String reason = process.exit().toCompletableFuture().join().reason();
      throw new IOException(endedAtOnce(process.identity().pid(), reason, files));
    }
  }

  private IOException silent(QemuProcess process, String problem) {
    return new IOException(
        "QEMU (pid %d) did not answer within %d ms, and was left alone: %s"
            .formatted(process.identity().pid(), settings.greetingTimeout().toMillis(), problem));
  }

  private static String endedAtOnce(long pid, String reason, RunFiles files) {
    List<String> said = new RunLog(files.log()).tail();
    String lastLines =
        String.join("; ", said.subList(Math.max(0, said.size() - SHOWN_LINES_MAX), said.size()));
    return "QEMU (pid %d) ended at once%s%s"
        .formatted(
            pid,
            reason.isEmpty() ? "" : ", " + reason,
            lastLines.isEmpty() || reason.contains(lastLines) ? "" : ": " + lastLines);
  }
}
