package io.volant.adapter.probe;

import io.volant.model.VmId;
import io.volant.vm.GuestSignal.HealthChanged;
import io.volant.vm.Health;
import io.volant.vm.HealthProbes;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Probes over the network. Each probed VM has a virtual thread of its own, which mostly sleeps;
 * there are as many as VMs without an agent.
 */
public final class NetworkProbes implements HealthProbes, AutoCloseable {

  /** Until the first success a VM is starting, and somebody waits for it. */
  private static final long EAGER_MS = 50;

  private static final long CALM_MS = 2_000;

  /** Not more often than this it is said why the first success has not come. */
  private static final long EXPLAIN_NANOS = TimeUnit.SECONDS.toNanos(2);

  private static final int FAILURES_MAX = 3;

  private final Map<VmId, CountDownLatch> open = new ConcurrentHashMap<>();

  @Override
  public void open(VmId vmId, Target target, Consumer<HealthChanged> listener) {
    CountDownLatch closed = new CountDownLatch(1);
    CountDownLatch before = open.put(vmId, closed);
    if (before != null) {
      before.countDown();
    }
    Thread.ofVirtual()
        .name("probe-" + vmId)
        .start(() -> {
          try {
            probe(target, listener, closed);
          } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
          }
        });
  }

  @Override
  public void close(VmId vmId) {
    CountDownLatch closed = open.remove(vmId);
    if (closed != null) {
      closed.countDown();
    }
  }

  /** Ends all probing. */
  @Override
  public void close() {
    open.keySet().forEach(this::close);
  }

  private static void probe(Target target, Consumer<HealthChanged> listener, CountDownLatch closed)
      throws InterruptedException {
    Health told = Health.UNKNOWN;
    int failures = 0;
    long nextNanos = System.nanoTime();
    long explainNanos = nextNanos + EXPLAIN_NANOS;
    Optional<String> explained = Optional.empty();
    do {
      Optional<String> problem = Probe.ask(target);
      failures = problem.isPresent() ? Math.min(failures + 1, FAILURES_MAX) : 0;
      Health found = verdict(told, failures);
      if (found != told && closed.getCount() > 0) {
        listener.accept(new HealthChanged(found, problem.orElse(null)));
        told = found;
      } else if (told == Health.UNKNOWN
          && System.nanoTime() - explainNanos >= 0
          && !problem.equals(explained)
          && closed.getCount() > 0) {
        listener.accept(new HealthChanged(told, problem.orElse(null)));
        explainNanos = System.nanoTime() + EXPLAIN_NANOS;
        explained = problem;
      }
      long intervalMs = told == Health.UNKNOWN ? EAGER_MS : CALM_MS;
      nextNanos =
          Math.max(System.nanoTime(), nextNanos + TimeUnit.MILLISECONDS.toNanos(intervalMs));
    } while (!closed.await(nextNanos - System.nanoTime(), TimeUnit.NANOSECONDS));
  }

  /** Before the first success nobody is unhealthy: it is still starting. */
  private static Health verdict(Health told, int failures) {
    if (failures == 0) {
      return Health.HEALTHY;
    }
    return told == Health.HEALTHY && failures == FAILURES_MAX ? Health.UNHEALTHY : told;
  }
}
