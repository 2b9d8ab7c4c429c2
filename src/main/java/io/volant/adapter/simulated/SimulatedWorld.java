package io.volant.adapter.simulated;

import io.volant.model.VmId;
import io.volant.vm.GuestSignal;
import io.volant.vm.GuestSignal.HealthChanged;
import io.volant.vm.GuestSignal.Ready;
import io.volant.vm.GuestSignal.WorkloadExited;
import io.volant.vm.GuestSignal.WorkloadStarted;
import io.volant.vm.Health;
import io.volant.vm.LaunchSpec;
import io.volant.vm.LinkAddress;
import io.volant.vm.VmExit;
import io.volant.vm.VmHandle;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What exists on a simulated host. It outlives the actors that act on it, as a real host does, so a
 * test can let the daemon die and come back; {@link #census} tells what is left.
 */
public final class SimulatedWorld implements AutoCloseable {

  private static final long PID_BASE = 1_000_000;
  private static final int SIGKILL = 9;

  private final SimulatedBehaviour defaults;
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("simulated-world").factory());
  private final Map<VmId, SimulatedVm> vms = new HashMap<>();
  private final Set<String> things = new TreeSet<>();
  private long launches;

  /** An empty world in which VMs behave like this unless their command line says otherwise. */
  public SimulatedWorld(SimulatedBehaviour defaults) {
    this.defaults = defaults;
  }

  /**
   * All that exists: {@code process 7}, {@code tap vt7}, {@code folder 7}, {@code run files 7},
   * {@code disk 7 volant-root}.
   */
  public synchronized Set<String> census() {
    Set<String> all = new TreeSet<>(things);
    vms.keySet().forEach(vmId -> all.add("process " + vmId));
    return all;
  }

  /** How many processes were ever launched: a process that is taken over is not launched again. */
  public synchronized long launches() {
    return launches;
  }

  /** Lets a VM's process die of SIGKILL, as if the host's user had done it. */
  public void kill(VmId vmId) {
    end(vmId, new VmExit(null, SIGKILL, "killed by signal 9 (SIGKILL)", List.of("simulated")));
  }

  /** Lets the workload in a guest die; the simulated agent starts it again at once. */
  public synchronized void killWorkload(VmId vmId, int code) {
    SimulatedVm vm = vms.get(vmId);
    if (vm == null || !vm.isWorkloadAlive) {
      return;
    }
    vm.isWorkloadAlive = false;
    vm.isHealthy = false;
    say(vm, new WorkloadExited(vm.workloadRun, code, null, 0, 0));
    say(vm, new HealthChanged(Health.UNHEALTHY, "the workload ended"));
    later(0, () -> startWorkload(vm));
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }

  synchronized void add(String thing) {
    things.add(thing);
  }

  synchronized void remove(String thing) {
    things.remove(thing);
  }

  synchronized void removeAll(String prefix) {
    things.removeIf(thing -> thing.startsWith(prefix));
  }

  /** Launches a process, or takes over the one that the VM has. */
  CompletionStage<VmHandle> launch(LaunchSpec spec) {
    SimulatedBehaviour behaviour = defaults.with(spec.kernelCommandLine());
    CompletableFuture<VmHandle> launched = new CompletableFuture<>();
    later(
        behaviour.launchMs(),
        () -> {
          if (behaviour.launchFails()) {
            launched.completeExceptionally(
                new IllegalStateException("simulated: the launch fails, as was asked"));
          } else {
            launched.complete(ensure(spec, behaviour));
          }
        });
    return launched;
  }

  /** The process of a VM, if it runs. */
  synchronized Optional<SimulatedVm> find(VmId vmId) {
    return Optional.ofNullable(vms.get(vmId));
  }

  /** The process behind a handle, if it runs. */
  synchronized Optional<SimulatedVm> find(VmHandle handle) {
    return vms.values().stream().filter(vm -> vm.handle.equals(handle)).findFirst();
  }

  synchronized void end(VmId vmId, VmExit exit) {
    SimulatedVm vm = vms.remove(vmId);
    if (vm != null) {
      vm.exit.complete(exit);
    }
  }

  /** The host listens to a guest from now on; it first hears where things stand. */
  synchronized void listen(VmId vmId, Consumer<GuestSignal> listener) {
    SimulatedVm vm = vms.get(vmId);
    if (vm == null) {
      return;
    }
    vm.listener = listener;
    if (vm.isReady) {
      tellAll(vm);
    }
  }

  synchronized void ignore(VmId vmId) {
    SimulatedVm vm = vms.get(vmId);
    if (vm != null) {
      vm.listener = null;
    }
  }

  /** Runs something later on the world's own thread; without delay: now. */
  void later(long delayMs, Runnable action) {
    if (delayMs <= 0) {
      action.run();
    } else {
      var _ = clock.schedule(action, delayMs, TimeUnit.MILLISECONDS);
    }
  }

  private synchronized VmHandle ensure(LaunchSpec spec, SimulatedBehaviour behaviour) {
    VmId vmId = spec.vmId();
    SimulatedVm running = vms.get(vmId);
    if (running != null) {
      return running.handle;
    }
    launches++;
    LinkAddress link =
        new LinkAddress(
            spec.hasAgent() ? LinkAddress.Kind.VIRTIO_SERIAL : LinkAddress.Kind.NONE,
            spec.runDirectory() + "/link.sock");
    VmHandle handle =
        new VmHandle(
            SimulatedHypervisor.DRIVER,
            PID_BASE + vmId.value(),
            launches,
            "simulated",
            spec.runDirectory(),
            spec.runDirectory() + "/control.sock",
            spec.runDirectory() + "/console.log",
            link);
    SimulatedVm vm = new SimulatedVm(handle, behaviour);
    vms.put(vmId, vm);
    later(behaviour.readyMs(), () -> ready(vm));
    if (behaviour.dieAfterMs() >= 0) {
      later(behaviour.dieAfterMs(), () -> kill(vmId));
    }
    return handle;
  }

  private synchronized void ready(SimulatedVm vm) {
    vm.isReady = true;
    if (vm.listener != null) {
      say(vm, new GuestSignal.LinkUp());
      say(vm, new Ready(1, 0, "simulated", List.of()));
    }
    startWorkload(vm);
  }

  private synchronized void startWorkload(SimulatedVm vm) {
    vm.workloadRun++;
    vm.isWorkloadAlive = true;
    int run = vm.workloadRun;
    say(vm, new WorkloadStarted(run, PID_BASE, 1));
    SimulatedBehaviour behaviour = vm.behaviour;
    if (behaviour.healthyMs() >= 0) {
      later(behaviour.healthyMs(), () -> healthy(vm, run));
    }
    if (behaviour.workloadDiesAfterMs() >= 0 && run == 1) {
      later(
          behaviour.workloadDiesAfterMs(),
          () ->
              vms.entrySet().stream()
                  .filter(entry -> entry.getValue() == vm)
                  .map(Map.Entry::getKey)
                  .findFirst()
                  .ifPresent(vmId -> killWorkload(vmId, 1)));
    }
  }

  private synchronized void healthy(SimulatedVm vm, int run) {
    if (vm.workloadRun == run && vm.isWorkloadAlive) {
      vm.isHealthy = true;
      say(vm, new HealthChanged(Health.HEALTHY, null));
    }
  }

  private static void tellAll(SimulatedVm vm) {
    say(vm, new GuestSignal.LinkUp());
    say(vm, new Ready(1, 0, "simulated", List.of()));
    if (vm.isWorkloadAlive) {
      say(vm, new WorkloadStarted(vm.workloadRun, PID_BASE, 1));
    }
    if (vm.isHealthy) {
      say(vm, new HealthChanged(Health.HEALTHY, null));
    }
  }

  private static void say(SimulatedVm vm, GuestSignal signal) {
    @Nullable Consumer<GuestSignal> listener = vm.listener;
    if (listener != null) {
      listener.accept(signal);
    }
  }
}
