package io.volant.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.volant.adapter.simulated.SimulatedWorld;
import io.volant.fake.Death;
import io.volant.fake.Requests;
import io.volant.fake.SimulatedHost;
import io.volant.model.VmId;
import io.volant.vm.Phase;
import io.volant.vm.Restarts;
import io.volant.vm.Vm;
import io.volant.vm.VmCommand.Goal;
import io.volant.vm.VmEvent;
import io.volant.vm.VmReply;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** VMs that are started again, by actors on a journal. */
class RestartPolicyTest {

  private static final Duration PATIENCE = Duration.ofSeconds(15);
  private static final VmId ID = new VmId(1);

  @TempDir private Path home;
  private final SimulatedWorld world = SimulatedHost.world();
  private final Death journal = new Death();
  private SimulatedHost host;

  @BeforeEach
  void startDaemon() {
    host = daemon();
    Requests.install(host, "hello");
  }

  @AfterEach
  void endDaemon() {
    host.die();
    world.close();
  }

  @Test
  void a_vm_that_always_dies_is_started_after_growing_pauses_until_it_was_often_enough() {
    create("simulated.die_after_ms=1", new VmRequest.Restart("on-failure", 4, 20L, 10_000L));
    until(vm -> vm.attempt() == 5 && vm.phase() instanceof Phase.Crashed);
    assertThat(vm().intent().restarts()).isEqualTo(new Restarts(4, null));
    List<VmEvent.RestartPlanned> plans = stored(VmEvent.RestartPlanned.class);
    assertThat(plans).extracting(VmEvent.RestartPlanned::retry).containsExactly(1, 2, 3, 4);
    assertThat(plans)
        .extracting(plan -> Duration.between(plan.stamp().at(), plan.at()).toMillis())
        .isSorted()
        .doesNotHaveDuplicates()
        .allSatisfy(pause -> assertThat(pause).isBetween(14L, 160L));
    assertThat(world.launches()).isEqualTo(5);
    assertThat(world.census()).containsExactly("folder 1");
  }

  @Test
  void a_launch_that_fails_is_tried_again() {
    create("simulated.launch_fails=1", new VmRequest.Restart("always", 2, 1L, 1L));
    until(vm -> vm.attempt() == 3 && vm.phase() instanceof Phase.Crashed);
    assertThat(stored(VmEvent.StartFailed.class)).hasSize(3);
  }

  @Test
  void a_stop_in_the_pause_ends_it() {
    pausing(60_000L);
    assertThat(Requests.stop(host, "a")).isInstanceOf(VmReply.Accepted.class);
    Vm vm = Requests.await(host, "a", Goal.AT_REST);
    until(now -> now.phase() instanceof Phase.Stopped);
    assertThat(vm.intent().restarts().due()).isNull();
    restartDaemon();
    assertThat(vm().phase()).isInstanceOf(Phase.Stopped.class);
    assertThat(world.launches()).isEqualTo(1);
  }

  @Test
  void a_start_in_the_pause_is_the_only_one() {
    pausing(1_000L);
    Requests.start(host, "a");
    Requests.await(host, "a", Goal.HEALTHY);
    await().during(Duration.ofMillis(1_200)).atMost(PATIENCE).until(() -> vm().attempt() == 2);
    assertThat(world.launches()).isEqualTo(2);
  }

  @Test
  void a_delete_in_the_pause_leaves_nothing() {
    pausing(60_000L);
    assertThat(Requests.delete(host, "a")).isInstanceOf(VmReply.Accepted.class);
    assertThat(world.census()).isEmpty();
  }

  @Test
  void a_daemon_that_dies_in_the_pause_goes_on_with_it() {
    pausing(1_500L);
    restartDaemon();
    assertThat(vm().phase()).isInstanceOf(Phase.Crashed.class);
    until(vm -> vm.phase() instanceof Phase.Running);
    assertStartedOnceAgain();
    VmEvent.RestartPlanned plan = stored(VmEvent.RestartPlanned.class).getFirst();
    assertThat(stored(VmEvent.StartRequested.class).getLast().stamp().at())
        .isAfterOrEqualTo(plan.at().minusMillis(20));
  }

  @Test
  void a_pause_that_passed_while_no_daemon_was_there_is_over() {
    pausing(60_000L);
    Vm vm = vm();
    host.die();
    VmEvent.RestartPlanned plan = stored(VmEvent.RestartPlanned.class).getFirst();
    assertThat(vm.intent().restarts().due()).isNotNull();
    assertThat(plan.at()).isAfter(plan.stamp().at());
    host = daemon();
    assertThat(vm().intent().restarts().due()).isEqualTo(vm.intent().restarts().due());
  }

  @Test
  void a_hypervisor_that_was_lost_while_no_daemon_was_there_has_failed() {
    create("", new VmRequest.Restart("on-failure", 0, 10L, 10L));
    Requests.await(host, "a", Goal.HEALTHY);
    host.die();
    world.kill(ID);
    host = daemon();
    until(vm -> vm.attempt() == 2 && vm.phase() instanceof Phase.Running);
    assertStartedOnceAgain();
  }

  @Test
  void a_vm_that_was_stopped_stays_so_whatever_its_policy() {
    create("", new VmRequest.Restart("always", 0, 1L, 1L));
    Requests.await(host, "a", Goal.HEALTHY);
    Requests.stop(host, "a");
    Requests.await(host, "a", Goal.AT_REST);
    restartDaemon();
    assertThat(vm().phase()).isInstanceOf(Phase.Stopped.class);
    assertThat(stored(VmEvent.RestartPlanned.class)).isEmpty();
  }

  private void assertStartedOnceAgain() {
    assertThat(Requests.await(host, "a", Goal.HEALTHY).attempt()).isEqualTo(2);
    assertThat(stored(VmEvent.StartRequested.class)).hasSize(2);
    assertThat(world.launches()).isEqualTo(2);
  }

  private void pausing(long pauseMs) {
    create("", new VmRequest.Restart("on-failure", 0, pauseMs, pauseMs));
    Requests.await(host, "a", Goal.HEALTHY);
    world.kill(ID);
    until(vm -> {
      Restarts.Due due = vm.intent().restarts().due();
      return due != null && due.at() != null;
    });
  }

  private void create(String words, VmRequest.Restart restart) {
    assertThat(Requests.create(host, Requests.restarting("a", words, restart)))
        .isInstanceOf(HostReply.VmCreated.class);
  }

  private void until(Predicate<Vm> there) {
    await().atMost(PATIENCE).until(() -> host.vms().find("a").filter(there).isPresent());
  }

  private Vm vm() {
    return host.vms().find("a").orElseThrow();
  }

  private <T> List<T> stored(Class<T> type) {
    return journal.stored().stream().filter(type::isInstance).map(type::cast).toList();
  }

  private void restartDaemon() {
    host.die();
    host = daemon();
  }

  private SimulatedHost daemon() {
    return SimulatedHost.start(
        SimulatedHost.config(home, journal), world, "10.9.0.0/16", UnaryOperator.identity());
  }
}
