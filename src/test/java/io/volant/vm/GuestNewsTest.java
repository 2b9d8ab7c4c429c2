package io.volant.vm;

import static io.volant.vm.VmSamples.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.volant.model.Stamp;
import io.volant.vm.GuestSignal.BootStep;
import io.volant.vm.GuestSignal.HealthChanged;
import io.volant.vm.GuestSignal.Ready;
import io.volant.vm.GuestSignal.WorkloadExited;
import io.volant.vm.GuestSignal.WorkloadStarted;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which of a guest's words are news. */
class GuestNewsTest {

  private static final Stamp STAMP = new Stamp("vm/7#9", "web", NOW, "system", "vm/7#8");

  @ParameterizedTest
  @EnumSource
  void nobody_is_heard_who_is_not_this_starts_guest(Place place) {
    Vm vm = place.vm();
    boolean mayTell =
        vm.phase() instanceof Phase.Running
            || (vm.phase() instanceof Phase.Starting && place.hasProcess());
    List<GuestSignal> signals =
        List.of(ready(80, 20), started(2), exited(2), health(Health.UNHEALTHY, "status 503"));
    assertThat(signals.stream().flatMap(signal -> news(vm, signal).stream()).findAny().isPresent())
        .isEqualTo(mayTell);
  }

  @ParameterizedTest
  @EnumSource
  void links_and_figures_are_not_stored(Place place) {
    for (GuestSignal signal :
        List.of(
            new GuestSignal.LinkUp(),
            new GuestSignal.LinkDown("reset"),
            new GuestSignal.Stats(1, 2, 3))) {
      assertThat(news(place.vm(), signal)).as("%s", signal).isEmpty();
    }
  }

  @Test
  void the_guests_boot_is_told_on_the_hosts_clock_and_once() {
    Vm vm = Place.AT_GUEST.vm();
    Ready ready = ready(80, 20, new BootStep("mounts", 30), new BootStep("network", 75));
    assertThat(news(vm, ready))
        .containsExactly(
            new VmEvent.LinkUp(
                STAMP, 1, List.of(mark("mounts", 20 + 80 - 30), mark("network", 20 + 80 - 75))));
    assertThat(news(heard(vm, ready), ready)).isEmpty();
  }

  @Test
  void a_guests_absurd_numbers_and_names_are_bounded() {
    Ready ready =
        ready(
            Long.MAX_VALUE,
            Long.MAX_VALUE,
            new BootStep("x".repeat(10_000), Long.MIN_VALUE),
            new BootStep("late", Long.MAX_VALUE));
    VmEvent.LinkUp linkUp = (VmEvent.LinkUp) news(Place.AT_GUEST.vm(), ready).getFirst();
    assertThat(linkUp.guestSteps())
        .hasSize(2)
        .allSatisfy(mark -> {
          assertThat(mark.step()).hasSizeLessThanOrEqualTo(200);
          assertThat(mark.at())
              .isBetween(NOW.minus(Duration.ofDays(21 * 366)), NOW.plus(Duration.ofDays(1)));
        });
  }

  @Test
  void the_first_sign_of_the_workload_ends_the_start() {
    VmEvent up = new VmEvent.Running(STAMP, 1, 101, "10.0.0.2", VmSamples.ID.macAddress());
    VmEvent run = new VmEvent.WorkloadStarted(STAMP, 1, 1, 42);
    Vm vm = Place.AT_GUEST.vm();
    assertThat(news(vm, started(1)))
        .containsExactly(new VmEvent.LinkUp(STAMP, 1, List.of()), run, up);
    assertThat(news(heard(vm, ready(80, 20)), started(1))).containsExactly(run, up);
  }

  @Test
  void a_workload_that_died_at_once_ends_the_start_too() {
    assertThat(news(Place.AT_GUEST.vm(), exited(1)))
        .extracting(VmEvent::type)
        .containsExactly("vm.link_up", "vm.workload_exited", "vm.running");
  }

  @Test
  void health_before_the_workload_is_not_believed() {
    assertThat(news(Place.AT_GUEST.vm(), health(Health.HEALTHY, null))).isEmpty();
  }

  @Test
  void a_run_of_the_workload_starts_and_ends_once() {
    Vm vm = Place.RUNNING.vm(); // in its first run
    assertThat(news(vm, started(1))).as("repeated").isEmpty();
    assertThat(news(vm, exited(0))).as("the end of an earlier run").isEmpty();
    assertThat(news(vm, exited(1)))
        .containsExactly(new VmEvent.WorkloadExited(STAMP, 1, 1, 3, null, 200));
    Vm ended = heard(vm, exited(1));
    assertThat(news(ended, exited(1))).as("repeated").isEmpty();
    assertThat(news(ended, started(1))).as("it ended already").isEmpty();
    assertThat(news(ended, exited(2))).as("a run whose start was missed").hasSize(1);
    assertThat(news(ended, started(2)))
        .containsExactly(new VmEvent.WorkloadStarted(STAMP, 1, 2, 42));
  }

  @Test
  void health_is_told_when_it_changes() {
    Vm vm = Place.RUNNING.vm();
    assertThat(news(vm, health(Health.UNKNOWN, null))).as("as it was").isEmpty();
    HealthChanged sick = health(Health.UNHEALTHY, "status 503");
    assertThat(news(vm, sick))
        .containsExactly(new VmEvent.HealthChanged(STAMP, 1, Health.UNHEALTHY, "status 503"));
    assertThat(news(heard(vm, sick), sick)).as("repeated").isEmpty();
    assertThat(news(heard(vm, sick), health(Health.HEALTHY, null))).hasSize(1);
  }

  @Test
  void what_keeps_the_first_success_away_is_told_once_each() {
    Vm vm = Place.RUNNING.vm();
    HealthChanged refused = health(Health.UNKNOWN, "connection refused");
    HealthChanged missing = health(Health.UNKNOWN, "HTTP 404");
    assertThat(news(vm, refused))
        .containsExactly(new VmEvent.HealthChanged(STAMP, 1, Health.UNKNOWN, "connection refused"));
    assertThat(news(heard(vm, refused), refused)).as("repeated").isEmpty();
    assertThat(news(heard(vm, refused), missing)).hasSize(1);
    assertThat(news(heard(vm, refused), health(Health.UNKNOWN, null))).as("no reason").isEmpty();
  }

  @Test
  void how_the_workload_ended_is_remembered() {
    Vm vm = heard(Place.RUNNING.vm(), exited(1));
    assertThat(vm.phase())
        .isInstanceOfSatisfying(
            Phase.Running.class,
            running -> assertThat(running.detail()).isEqualTo("the workload ended with code 3"));
  }

  @Test
  void a_dead_workload_is_not_healthy() {
    Vm vm = heard(Place.RUNNING.vm(), exited(1));
    assertThat(news(vm, health(Health.HEALTHY, null))).isEmpty();
    assertThat(news(heard(vm, started(2)), health(Health.HEALTHY, null))).hasSize(1);
  }

  @Test
  void a_long_detail_is_cut() {
    assertThat(news(Place.RUNNING.vm(), health(Health.UNHEALTHY, "x".repeat(999))))
        .containsExactly(new VmEvent.HealthChanged(STAMP, 1, Health.UNHEALTHY, "x".repeat(200)));
  }

  private static List<VmEvent> news(Vm vm, GuestSignal signal) {
    return GuestNews.of(vm, signal, NOW).stream().map(fact -> fact.stamped(STAMP)).toList();
  }

  private static Vm heard(Vm vm, GuestSignal signal) {
    return VmSamples.apply(vm, new Decision.Facts(GuestNews.of(vm, signal, NOW)));
  }

  private static Ready ready(long uptimeMs, long sinceMs, BootStep... steps) {
    return new Ready(uptimeMs, sinceMs, "1", Stream.of(steps).toList());
  }

  private static WorkloadStarted started(int run) {
    return new WorkloadStarted(run, 42, 80);
  }

  private static WorkloadExited exited(int run) {
    return new WorkloadExited(run, 3, null, 200, 90);
  }

  private static HealthChanged health(Health health, @Nullable String detail) {
    return new HealthChanged(health, detail);
  }

  private static Timeline.Mark mark(String step, long agoMs) {
    return new Timeline.Mark(step, NOW.minusMillis(agoMs), Timeline.Source.GUEST);
  }
}
