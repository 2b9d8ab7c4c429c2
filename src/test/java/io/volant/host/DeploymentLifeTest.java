package io.volant.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.volant.adapter.simulated.SimulatedWorld;
import io.volant.deployment.Deployment;
import io.volant.deployment.DeploymentReply;
import io.volant.deployment.Progress.Phase;
import io.volant.deployment.Slot;
import io.volant.fake.Deployments;
import io.volant.fake.Requests;
import io.volant.fake.SimulatedHost;
import io.volant.model.VmId;
import io.volant.plugin.PluginReply;
import io.volant.vm.Vm;
import io.volant.vm.VmCommand.Goal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The life of deployments through the whole actor tree, on a simulated host. */
class DeploymentLifeTest {

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
  void so_many_vms_are_created_and_become_healthy() {
    assertThat(create(3, "")).isInstanceOf(DeploymentReply.Accepted.class);
    awaitComplete(1, 3);
    assertThat(ids().keySet()).containsExactly("web-1", "web-2", "web-3");
    assertThat(world.launches()).isEqualTo(3);
    Vm vm = host.vms().find("web-2").orElseThrow();
    assertThat(vm.identity().maker().by()).isEqualTo("deployment/web");
    assertThat(vm.identity().maker().cause()).startsWith("deployment/web#");
  }

  @Test
  void a_name_is_taken_once_and_a_wrong_config_takes_none() {
    assertThat(Deployments.create(host, "web", 1, Deployments.json("{\"plugin\": \"none\"}")))
        .isInstanceOfSatisfying(
            DeploymentReply.Refused.class,
            refused ->
                assertThat(refused.reason()).isEqualTo(DeploymentReply.Reason.PLUGIN_NOT_FOUND));
    create(1, "");
    assertThat(create(1, ""))
        .isInstanceOfSatisfying(
            DeploymentReply.Refused.class,
            refused -> assertThat(refused.reason()).isEqualTo(DeploymentReply.Reason.NAME_TAKEN));
  }

  @Test
  void it_grows_from_below_and_shrinks_from_above() {
    create(3, "");
    awaitComplete(1, 3);
    Map<String, VmId> three = ids();
    Deployments.scale(host, "web", 5);
    awaitReady(5);
    assertThat(ids()).containsAllEntriesOf(three).hasSize(5);
    Deployments.scale(host, "web", 2);
    soon().until(() -> ids().size() == 2);
    assertThat(ids()).isEqualTo(Map.of("web-1", three.get("web-1"), "web-2", three.get("web-2")));
    assertThat(world.census()).hasSize(8);
    Deployments.scale(host, "web", 0);
    soon().until(() -> world.census().isEmpty());
  }

  @Test
  void a_crashed_replica_is_replaced_and_a_deleted_one_too() {
    create(3, "");
    awaitComplete(1, 3);
    final Map<String, VmId> before = ids();
    world.kill(id("web-2"));
    soon().until(() -> !id("web-2").equals(before.get("web-2")));
    awaitReady(3);
    Requests.delete(host, "web-3");
    soon().until(() -> host.vms().find("web-3").isPresent());
    awaitReady(3);
    assertThat(id("web-1")).isEqualTo(before.get("web-1"));
    assertThat(id("web-3")).isNotEqualTo(before.get("web-3"));
    assertThat(world.census()).hasSize(12);
  }

  @Test
  void a_replica_that_somebody_stopped_is_started_again() {
    create(2, "");
    awaitComplete(1, 2);
    final VmId before = id("web-1");
    Requests.stop(host, "web-1");
    soon().until(() -> vm("web-1").attempt() == 2);
    awaitReady(2);
    assertThat(id("web-1")).isEqualTo(before);
  }

  @Test
  void an_update_replaces_one_after_the_other_the_highest_first() {
    create(3, "");
    awaitComplete(1, 3);
    final Map<String, VmId> before = ids();
    Deployments.update(host, "web", Deployments.config("second"));
    awaitComplete(2, 3);
    assertThat(ids().values()).doesNotContainAnyElementsOf(before.values());
    assertThat(ids().values().stream().sorted().toList())
        .isEqualTo(List.of(id("web-3"), id("web-2"), id("web-1")));
    assertThat(vm("web-1").config().config().machine().kernelCmdline()).isEqualTo("second");
  }

  @Test
  void an_update_that_never_becomes_healthy_stops_at_one_and_can_be_rolled_back() {
    create(3, "");
    awaitComplete(1, 3);
    final Map<String, VmId> before = ids();
    Deployments.update(host, "web", Deployments.config("simulated.healthy_ms=-1"));
    soon().until(() -> deployment().progress().phase() == Phase.FAILED);
    assertThat(deployment().progress().reason()).contains("web-3 of revision 2", "not healthy");
    assertThat(ids()).containsEntry("web-1", before.get("web-1"));
    assertThat(ids()).containsEntry("web-2", before.get("web-2"));
    assertThat(id("web-3")).isNotEqualTo(before.get("web-3"));
    Deployments.rollBack(host, "web");
    awaitComplete(1, 3);
    assertThat(ids()).containsEntry("web-1", before.get("web-1"));
    assertThat(ids()).containsEntry("web-2", before.get("web-2"));
  }

  @Test
  void an_update_that_crashes_fails_and_a_better_one_goes_through() {
    create(3, "");
    awaitComplete(1, 3);
    final Map<String, VmId> before = ids();
    Deployments.update(host, "web", Deployments.config("simulated.launch_fails=1"));
    soon().until(() -> deployment().progress().phase() == Phase.FAILED);
    assertThat(deployment().progress().reason()).contains("3 times in a row", "as was asked");
    assertThat(ids()).containsEntry("web-1", before.get("web-1"));
    Deployments.update(host, "web", Deployments.config("third"));
    awaitComplete(3, 3);
  }

  @Test
  void a_stranger_with_a_replicas_name_is_told_of_and_left_alone() {
    Requests.create(host, "web-2", "");
    final VmId stranger = Requests.await(host, "web-2", Goal.HEALTHY).id();
    create(2, "");
    soon().until(() -> deployment().progress().phase() == Phase.FAILED);
    assertThat(deployment().progress().reason()).contains("web-2", "does not belong");
    assertThat(id("web-2")).isEqualTo(stranger);
    Requests.delete(host, "web-2");
    awaitComplete(1, 2);
  }

  @Test
  void a_deleted_deployment_leaves_nothing_and_its_name_is_free() {
    create(3, "");
    awaitComplete(1, 3);
    assertThat(Deployments.delete(host, "web")).isEqualTo(new DeploymentReply.Deleted("web"));
    assertThat(world.census()).isEmpty();
    assertThat(host.deployments().all()).isEmpty();
    assertThat(create(1, "")).isInstanceOf(DeploymentReply.Accepted.class);
    awaitComplete(1, 1);
  }

  @Test
  void a_plugin_that_a_deployment_uses_stays() {
    create(0, "");
    PluginReply reply =
        host.ask(replyTo ->
            new HostCommand.RemovePlugin(
                "hello", false, new io.volant.model.Asker("tester", "r"), replyTo));
    assertThat(reply)
        .isInstanceOfSatisfying(
            PluginReply.Refused.class,
            refused -> assertThat(refused.message()).contains("deployment web"));
  }

  @Test
  void it_goes_on_where_it_was_after_the_death_of_the_daemon() {
    create(3, "");
    awaitComplete(1, 3);
    final Map<String, VmId> before = ids();
    Deployments.update(host, "web", Deployments.config("simulated.healthy_ms=30"));
    host.die();
    host = SimulatedHost.start(home, world);
    awaitComplete(2, 3);
    assertThat(ids().values()).doesNotContainAnyElementsOf(before.values());
    assertThat(world.census()).hasSize(12);
    assertThat(world.launches()).isEqualTo(6);
  }

  private DeploymentReply create(int replicas, String words) {
    return Deployments.create(host, "web", replicas, Deployments.config(words));
  }

  private void awaitComplete(int revision, int replicas) {
    soon()
        .until(() ->
            deployment().progress().phase() == Phase.COMPLETE
                && deployment().wish().revision() == revision);
    assertThat(deployment().slots().values()).extracting(Slot::revision).containsOnly(revision);
    awaitReady(replicas);
  }

  private void awaitReady(int replicas) {
    soon().until(() -> host.vms().all().stream().filter(Vm::isReady).count() == replicas);
  }

  private Deployment deployment() {
    return host.deployments().find("web").orElseThrow();
  }

  private Vm vm(String name) {
    return host.vms().find(name).orElseThrow();
  }

  private VmId id(String name) {
    return vm(name).id();
  }

  private Map<String, VmId> ids() {
    Map<String, VmId> ids = new TreeMap<>();
    host.vms().all().forEach(vm -> ids.put(vm.name(), vm.id()));
    return ids;
  }

  private static ConditionFactory soon() {
    return await()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(2))
        .ignoreExceptions()
        .atMost(Duration.ofSeconds(15));
  }
}
