package io.volant.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.volant.adapter.simulated.SimulatedWorld;
import io.volant.fake.Requests;
import io.volant.fake.SimulatedHost;
import io.volant.plugin.PluginReply;
import io.volant.vm.Health;
import io.volant.vm.Phase;
import io.volant.vm.Vm;
import io.volant.vm.VmCommand.Goal;
import io.volant.vm.VmReply;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The life of VMs through the whole actor tree, on a simulated host. */
class VmLifeTest {

  @TempDir private Path home;
  private final SimulatedWorld world = SimulatedHost.world();
  private SimulatedHost host;

  @BeforeEach
  void startDaemon() {
    host = SimulatedHost.start(home, world);
    assertThat(Requests.install(host, "hello")).isInstanceOf(PluginReply.Accepted.class);
  }

  @AfterEach
  void endDaemon() {
    host.die();
    world.close();
  }

  @Test
  void a_vm_is_created_and_becomes_healthy() {
    assertThat(Requests.create(host, "a", "")).isInstanceOf(HostReply.VmCreated.class);
    Vm vm = Requests.await(host, "a", Goal.HEALTHY);
    assertThat(vm.phase())
        .isEqualTo(new Phase.Running(true, new Phase.WorkloadRun(1, true), Health.HEALTHY, null));
    assertThat(world.census()).containsExactly("folder 1", "process 1", "run files 1", "tap vt1");
  }

  @Test
  void a_stopped_vm_holds_only_its_folder_and_starts_again_with_its_address() {
    Requests.create(host, "a", "");
    Vm first = Requests.await(host, "a", Goal.HEALTHY);
    assertThat(Requests.stop(host, "a")).isInstanceOf(VmReply.Accepted.class);
    assertThat(Requests.await(host, "a", Goal.AT_REST).phase()).isInstanceOf(Phase.Stopped.class);
    assertThat(world.census()).containsExactly("folder 1");
    assertThat(Requests.start(host, "a")).isInstanceOf(VmReply.Accepted.class);
    Vm second = Requests.await(host, "a", Goal.HEALTHY);
    assertThat(second.holdings().lease()).isEqualTo(first.holdings().lease());
    assertThat(second.attempt()).isEqualTo(2);
  }

  @Test
  void a_restart_is_a_stop_and_a_start() {
    Requests.create(host, "a", "");
    Requests.await(host, "a", Goal.HEALTHY);
    Requests.restart(host, "a");
    assertThat(Requests.await(host, "a", Goal.HEALTHY).attempt()).isEqualTo(2);
  }

  @Test
  void a_deleted_vm_leaves_nothing_and_its_name_is_free_at_once() {
    Requests.create(host, "a", "");
    Requests.await(host, "a", Goal.HEALTHY);
    assertThat(Requests.delete(host, "a")).isInstanceOf(VmReply.Accepted.class);
    assertThat(world.census()).isEmpty();
    assertThat(host.vms().all()).isEmpty();
    assertThat(Requests.create(host, "a", "")).isInstanceOf(HostReply.VmCreated.class);
    assertThat(Requests.await(host, "a", Goal.HEALTHY).id().value()).isEqualTo(2);
  }

  @Test
  void a_killed_hypervisor_is_a_crash_that_releases_everything() {
    Requests.create(host, "a", "");
    Vm vm = Requests.await(host, "a", Goal.HEALTHY);
    world.kill(vm.id());
    Vm crashed = Requests.await(host, "a", Goal.AT_REST);
    assertThat(crashed.phase()).isInstanceOf(Phase.Crashed.class);
    assertThat(world.census()).containsExactly("folder 1");
    Requests.start(host, "a");
    assertThat(Requests.await(host, "a", Goal.HEALTHY).phase()).isInstanceOf(Phase.Running.class);
  }

  @Test
  void a_launch_that_fails_is_a_crash_with_the_reason() {
    Requests.create(host, "a", "simulated.launch_fails=1");
    Vm crashed = Requests.await(host, "a", Goal.RUNNING);
    assertThat(crashed.phase())
        .isInstanceOfSatisfying(
            Phase.Crashed.class,
            phase -> assertThat(phase.reason()).contains("launching", "as was asked"));
    assertThat(world.census()).containsExactly("folder 1");
  }

  @Test
  void a_guest_that_ignores_the_shutdown_is_ended_by_force() {
    Requests.create(host, "a", "simulated.shutdown_ms=-1");
    Requests.await(host, "a", Goal.HEALTHY);
    Requests.stop(host, "a");
    assertThat(Requests.await(host, "a", Goal.AT_REST).phase()).isInstanceOf(Phase.Stopped.class);
  }

  @Test
  void a_running_vm_survives_the_death_of_the_daemon() {
    Requests.create(host, "a", "");
    Vm before = Requests.await(host, "a", Goal.HEALTHY);
    host.die();
    host = SimulatedHost.start(home, world);
    Vm after = Requests.await(host, "a", Goal.HEALTHY);
    assertThat(after.handle()).isEqualTo(before.handle());
    assertThat(world.launches()).isEqualTo(1);
  }

  @Test
  void a_vm_that_died_with_nobody_looking_is_crashed_and_released() {
    Requests.create(host, "a", "");
    Vm vm = Requests.await(host, "a", Goal.HEALTHY);
    host.die();
    world.kill(vm.id());
    host = SimulatedHost.start(home, world);
    Vm after = Requests.await(host, "a", Goal.AT_REST);
    assertThat(after.phase())
        .isInstanceOfSatisfying(
            Phase.Crashed.class,
            phase -> assertThat(phase.reason()).isEqualTo("lost while the daemon was down"));
    assertThat(world.census()).containsExactly("folder 1");
  }
}
