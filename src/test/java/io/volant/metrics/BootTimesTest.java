package io.volant.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.volant.model.Stamp;
import io.volant.vm.Health;
import io.volant.vm.Then;
import io.volant.vm.VmEvent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class BootTimesTest {

  private final Metrics metrics = new Metrics();
  private int events;

  @Test
  void each_step_is_timed_from_the_one_before_and_the_boot_as_a_whole() {
    metrics.bootTimes().on(new VmEvent.StartRequested(at(0), 1));
    metrics.bootTimes().on(new VmEvent.TapUp(at(40), 1, "vt7"));
    metrics.bootTimes().on(new VmEvent.Running(at(1_000), 1, 4711, null, null));
    metrics.bootTimes().on(new VmEvent.HealthChanged(at(1_040), 1, Health.HEALTHY, null));

    assertThat(page())
        .contains(
            "volant_vm_starts_total 1.0",
            "volant_vm_boot_step_seconds_sum{step=\"tap_up\"} 0.04",
            "volant_vm_boot_step_seconds_bucket{step=\"tap_up\",le=\"0.05\"} 1",
            "volant_vm_boot_step_seconds_sum{step=\"healthy\"} 1.0",
            "volant_vm_boot_seconds_sum{until=\"running\"} 1.0",
            "volant_vm_boot_seconds_sum{until=\"healthy\"} 1.04");
  }

  @Test
  void what_was_booting_before_is_not_timed_and_a_later_recovery_is_no_boot() {
    metrics.bootTimes().on(new VmEvent.TapUp(at(40), 1, "vt7"));
    metrics.bootTimes().on(new VmEvent.HealthChanged(at(50), 1, Health.HEALTHY, null));
    assertThat(page()).doesNotContain("boot_step_seconds_count{");
  }

  @Test
  void ends_and_restarts_are_counted() {
    metrics.bootTimes().on(new VmEvent.StartRequested(at(0), 1));
    metrics.bootTimes().on(new VmEvent.WorkloadStarted(at(1), 1, 2, 42));
    metrics.bootTimes().on(new VmEvent.Crashed(at(2), 1, "killed", null));
    metrics.bootTimes().on(new VmEvent.EndRequested(at(3), 1, Then.DELETE));
    assertThat(page())
        .contains("volant_vm_crashes_total 1.0", "volant_workload_restarts_total 1.0");
  }

  private String page() {
    return new String(metrics.page(), StandardCharsets.UTF_8);
  }

  private Stamp at(long milliseconds) {
    events++;
    Instant at = Instant.EPOCH.plusMillis(milliseconds);
    return new Stamp("vm/7#" + events, "web", at, "alice", "r-1");
  }
}
