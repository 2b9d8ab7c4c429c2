package io.volant.adapter.qemu;

import io.volant.adapter.process.ProcessTable.ProcessIdentity;
import io.volant.adapter.unixsocket.UnixSockets;
import io.volant.vm.Adoption;
import io.volant.vm.GuestException;
import io.volant.vm.Hypervisor;
import io.volant.vm.KillSpec;
import io.volant.vm.LaunchSpec;
import io.volant.vm.LinkAddress;
import io.volant.vm.SerialConsole;
import io.volant.vm.VmExit;
import io.volant.vm.VmHandle;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.pekko.Done;
import org.apache.pekko.stream.Materializer;
import org.jspecify.annotations.Nullable;

/**
 * QEMU as a hypervisor. The processes belong to the host, not to this object: closing it, or the
 * death of the daemon, lets them run on, and {@link #adopt} finds them again.
 *
 * <p>Each VM's watch waits on a virtual thread of its own; there are as many as VMs.
 */
public final class QemuHypervisor implements Hypervisor, AutoCloseable {

  /** The driver's name in handles. */
  public static final String DRIVER = "qemu";

  private final QemuSettings settings;
  private final UnixSockets sockets;
  private final Materializer materializer;
  private final QemuStart start;
  private final QemuProcesses processes = new QemuProcesses();
  private final ExecutorService waiting = Executors.newVirtualThreadPerTaskExecutor();

  /**
   * What is watched. An entry goes when its end was asked for and came, or when the same VM gets a
   * new process.
   */
  private final ConcurrentMap<ProcessIdentity, QemuProcess> watched = new ConcurrentHashMap<>();

  /** Launches that have not ended, by run directory: a second call shares the first's. */
  private final ConcurrentMap<String, CompletableFuture<VmHandle>> launching =
      new ConcurrentHashMap<>();

  /**
   * Makes the driver; nothing is looked for or started yet.
   *
   * @param sockets connects to QMP
   * @param materializer runs the conversations
   */
  public QemuHypervisor(QemuSettings settings, UnixSockets sockets, Materializer materializer) {
    this.settings = settings;
    this.sockets = sockets;
    this.materializer = materializer;
    this.start = new QemuStart(settings, processes, this::watchedProcess);
  }

  @Override
  public String driver() {
    return DRIVER;
  }

  @Override
  public CompletionStage<VmHandle> launch(LaunchSpec spec) {
    CompletableFuture<VmHandle> mine = new CompletableFuture<>();
    CompletableFuture<VmHandle> earlier = launching.putIfAbsent(spec.runDirectory(), mine);
    if (earlier != null) {
      return earlier.copy();
    }
    CompletionStage<VmHandle> launched =
        inBackground(
            "cannot start the VM " + spec.name(), () -> handleOf(start.ensureStarted(spec), spec));
    launched.whenComplete((handle, failure) -> {
      launching.remove(spec.runDirectory(), mine);
      if (failure == null) {
        mine.complete(handle);
      } else {
        mine.completeExceptionally(causeOf(failure));
      }
    });
    return mine.copy();
  }

  @Override
  public CompletionStage<Adoption> adopt(VmHandle handle) {
    return CompletableFuture.supplyAsync(() -> adoptNow(handle), waiting);
  }

  @Override
  public CompletionStage<VmExit> exited(VmHandle handle) {
    QemuProcess process = watchedProcess(handle);
    return process
        .exit()
        .whenComplete((exit, failure) -> watched.remove(process.identity(), process));
  }

  @Override
  public CompletionStage<Done> kill(KillSpec spec) {
    CompletionStage<Done> killed = killOnce(spec);
    CompletableFuture<VmHandle> launch = launching.get(spec.runDirectory());
    if (launch == null) {
      return killed;
    }
    // A launch that was under way may have started its process just after we looked.
    return killed
        .thenCombine(launch.handle((handle, failure) -> Done.getInstance()), (done, ended) -> done)
        .thenCompose(done -> killOnce(spec));
  }

  @Override
  public SerialConsole console(VmHandle handle) {
    QemuProcess process = watched.get(new ProcessIdentity(handle.pid(), handle.startTicks()));
    if (process == null) {
      throw new GuestException("the VM's process has just ended");
    }
    return new QemuConsole(process, sockets, waiting);
  }

  /** Lets go of all VMs: they run on, unwatched. */
  @Override
  public void close() {
    waiting.shutdownNow();
    watched.values().forEach(QemuProcess::disconnect);
    watched.clear();
  }

  private CompletionStage<Done> killOnce(KillSpec spec) {
    return inBackground(
        "cannot end the VM " + spec.vmId(),
        () -> {
          processes.kill(spec);
          return Done.getInstance();
        });
  }

  private Adoption adoptNow(VmHandle handle) {
    try {
      if (!handle.bootId().equals(processes.bootId())) {
        return gone(handle, "lost when the host was restarted");
      }
      if (!processes.isAlive(handle)) {
        return gone(handle, "lost while the daemon was down");
      }
    } catch (IOException e) {
      return new Adoption.Unsure("/proc does not tell: " + e.getMessage());
    }
    QemuProcess process = watchedProcess(handle);
    try {
      Duration timeout = settings.answerTimeout();
      process
          .qmp(timeout)
          .thenCompose(client -> client.execute("query-status", timeout))
          .toCompletableFuture()
          .join();
      return new Adoption.Alive();
    } catch (CompletionException e) {
      return new Adoption.Unsure(
          "pid "
              + handle.pid()
              + " runs, and its control socket does not answer: "
              + causeOf(e).getMessage());
    }
  }

  private static Adoption gone(VmHandle handle, String reason) {
    List<String> tail = new RunLog(RunFiles.of(handle.runDirectory()).consoleLog()).tail();
    return new Adoption.Gone(new VmExit(null, null, reason, tail));
  }

  private QemuProcess watchedProcess(VmHandle handle) {
    ProcessIdentity identity = new ProcessIdentity(handle.pid(), handle.startTicks());
    return watchedProcess(identity, RunFiles.of(handle.runDirectory()), null);
  }

  /** The watch over this process: the one there is, else a new one. */
  private QemuProcess watchedProcess(
      ProcessIdentity identity, RunFiles files, @Nullable Process child) {
    QemuProcess fresh =
        new QemuProcess(
            identity,
            files,
            child,
            settings.logBytesMax(),
            timeout ->
                QmpClient.connect(sockets, files.qmpSocket().toString(), timeout, materializer));
    QemuProcess current = watched.putIfAbsent(identity, fresh);
    if (current != null) {
      return current;
    }
    watched.values().removeIf(other -> other.hasEnded() && other.files().equals(files));
    waiting.execute(fresh::watch);
    return fresh;
  }

  private VmHandle handleOf(QemuProcess process, LaunchSpec spec) throws IOException {
    RunFiles files = RunFiles.of(spec.runDirectory());
    return new VmHandle(
        DRIVER,
        process.identity().pid(),
        process.identity().startTicks(),
        processes.bootId(),
        spec.runDirectory(),
        files.qmpSocket().toString(),
        files.consoleLog().toString(),
        new LinkAddress(
            spec.hasAgent() ? LinkAddress.Kind.VIRTIO_SERIAL : LinkAddress.Kind.NONE,
            files.linkSocket().toString()));
  }

  /** Something that waits, and fails with a message for people. */
  @FunctionalInterface
  private interface Waiting<T> {
    T run() throws IOException, InterruptedException;
  }

  private <T> CompletionStage<T> inBackground(String failureText, Waiting<T> work) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return work.run();
          } catch (IOException | IllegalArgumentException e) {
            throw new HypervisorException(failureText + ": " + e.getMessage());
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HypervisorException(failureText + ": the daemon is stopping");
          }
        },
        waiting);
  }

  private static Throwable causeOf(Throwable failure) {
    return failure instanceof CompletionException
        ? Optional.ofNullable(failure.getCause()).orElse(failure)
        : failure;
  }
}
