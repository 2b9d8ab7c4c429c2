package io.volant.metrics;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.volant.journal.JournalEvent;
import io.volant.vm.Health;
import io.volant.vm.VmEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * How long VMs take to boot and how often they end, read off the events as they come. A VM that was
 * already booting when this began to listen is not timed.
 */
public final class BootTimes {

  private static final double NANOS_PER_SECOND = 1e9;

  private final Histogram steps;
  private final Histogram whole;
  private final Counter starts;
  private final Counter crashes;
  private final Counter workloadRestarts;
  private final Map<String, Clocks> booting = new HashMap<>();

  /** When a boot began, and when its latest step was done. */
  private record Clocks(Instant began, Instant step) {}

  BootTimes(PrometheusRegistry registry, double[] boundsS) {
    this.steps =
        Histogram.builder()
            .name("volant_vm_boot_step_seconds")
            .help("How long a step of a VM's start took, from the step before.")
            .labelNames("step")
            .classicOnly()
            .classicUpperBounds(boundsS)
            .register(registry);
    this.whole =
        Histogram.builder()
            .name("volant_vm_boot_seconds")
            .help("From the wish to start a VM until it was running, and until it was healthy.")
            .labelNames("until")
            .classicOnly()
            .classicUpperBounds(boundsS)
            .register(registry);
    this.starts = counter(registry, "volant_vm_starts_total", "Starts of VMs, the first ones too.");
    this.crashes = counter(registry, "volant_vm_crashes_total", "VMs that ended unasked.");
    this.workloadRestarts =
        counter(
            registry,
            "volant_workload_restarts_total",
            "Workloads that were started again inside a VM.");
  }

  private static Counter counter(PrometheusRegistry registry, String name, String help) {
    return Counter.builder().name(name).help(help).register(registry);
  }

  /** Something happened. Events have to come in their order, from one thread. */
  public synchronized void on(JournalEvent event) {
    if (!(event instanceof VmEvent vmEvent)) {
      return;
    }
    String vm = vmEvent.stamp().id().substring(0, Math.max(0, vmEvent.stamp().id().indexOf('#')));
    Instant at = vmEvent.stamp().at();
    switch (vmEvent) {
      case VmEvent.StartRequested _ -> {
        starts.inc();
        booting.put(vm, new Clocks(at, at));
      }
      case VmEvent.ArtifactsReady _,
          VmEvent.AddressLeased _,
          VmEvent.DisksReady _,
          VmEvent.TapUp _,
          VmEvent.Launched _,
          VmEvent.LinkUp _ ->
          step(vm, vmEvent.type().substring("vm.".length()), at);
      case VmEvent.WorkloadStarted started -> {
        if (started.run() > 1) {
          workloadRestarts.inc();
        } else {
          step(vm, "workload_started", at);
        }
      }
      case VmEvent.Running _ -> until(vm, "running", at);
      case VmEvent.HealthChanged changed -> {
        if (changed.health() == Health.HEALTHY) {
          step(vm, "healthy", at);
          until(vm, "healthy", at);
          booting.remove(vm);
        }
      }
      case VmEvent.Crashed _ -> {
        crashes.inc();
        booting.remove(vm);
      }
      case VmEvent.EndRequested _,
          VmEvent.StartFailed _,
          VmEvent.Exited _,
          VmEvent.Stopped _,
          VmEvent.Deleted _ ->
          booting.remove(vm);
      case VmEvent.Created _,
          VmEvent.ConfigChanged _,
          VmEvent.RestartPlanned _,
          VmEvent.WorkloadExited _,
          VmEvent.Adopted _,
          VmEvent.AdoptionUnsure _,
          VmEvent.Released _,
          VmEvent.ReleaseFailed _ -> {
        // says nothing about a boot
      }
    }
  }

  private void step(String vm, String step, Instant at) {
    Clocks clocks = booting.get(vm);
    if (clocks != null) {
      steps.labelValues(step).observe(seconds(clocks.step(), at));
      booting.put(vm, new Clocks(clocks.began(), at));
    }
  }

  private void until(String vm, String what, Instant at) {
    Clocks clocks = booting.get(vm);
    if (clocks != null) {
      whole.labelValues(what).observe(seconds(clocks.began(), at));
    }
  }

  /** The host's clock may have been set back in between. */
  private static double seconds(Instant from, Instant to) {
    return Math.max(0, Duration.between(from, to).toNanos() / NANOS_PER_SECOND);
  }
}
