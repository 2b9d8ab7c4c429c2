package io.volant.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.volant.adapter.simulated.SimulatedWorld;
import io.volant.fake.Death;
import io.volant.fake.Requests;
import io.volant.fake.SimulatedHost;
import io.volant.manifest.Initramfs;
import io.volant.model.Asker;
import io.volant.model.Lease;
import io.volant.plugin.PluginReply;
import io.volant.vm.Phase;
import io.volant.vm.VmCommand.Goal;
import io.volant.vm.VmReply;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many requests at once, and requests that must be refused and leave nothing. */
class ConcurrencyTest {

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Asker TESTER = new Asker("tester", "request-3");

  @TempDir private Path home;
  private final SimulatedWorld world = SimulatedHost.world();
  private final Death journal = new Death();
  private SimulatedHost host;

  @BeforeEach
  void startDaemon() {
    start("10.9.0.0/16");
    Requests.install(host, "hello");
  }

  @AfterEach
  void endDaemon() {
    host.die();
    world.close();
  }

  private void start(String subnet) {
    host =
        SimulatedHost.start(
            SimulatedHost.config(home, journal), world, subnet, UnaryOperator.identity());
  }

  @Test
  void of_two_vms_with_one_name_at_once_one_is_created() {
    List<HostReply> replies = createAtOnce(List.of("twin", "twin"));
    assertThat(replies).filteredOn(HostReply.VmCreated.class::isInstance).hasSize(1);
    assertThat(replies)
        .filteredOn(reply -> isRefused(reply, HostReply.Reason.NAME_TAKEN))
        .hasSize(1);
    Requests.await(host, "twin", Goal.HEALTHY);
    assertThat(world.launches()).isEqualTo(1);
  }

  @Test
  void fifty_vms_at_once_all_run_with_addresses_of_their_own() {
    List<String> names = IntStream.range(0, 50).mapToObj(number -> "vm" + number).toList();
    assertThat(createAtOnce(names)).allMatch(HostReply.VmCreated.class::isInstance);
    Set<String> addresses = new HashSet<>();
    Set<String> macs = new HashSet<>();
    for (String name : names) {
      Lease lease = Requests.await(host, name, Goal.HEALTHY).holdings().lease();
      addresses.add(Objects.requireNonNull(lease).ipAddress());
      macs.add(lease.mac());
    }
    assertThat(addresses).hasSize(50);
    assertThat(macs).hasSize(50);
    assertThat(world.launches()).isEqualTo(50);
  }

  @Test
  void a_full_address_pool_refuses_leaves_nothing_and_lends_again_after_a_delete() {
    host.die();
    start("10.9.0.0/29"); // eight addresses: network, host, broadcast, and five to lend
    List<String> names = List.of("a", "b", "c", "d", "e");
    assertThat(createAtOnce(names)).allMatch(HostReply.VmCreated.class::isInstance);
    names.forEach(name -> Requests.await(host, name, Goal.HEALTHY));
    Set<String> census = world.census();
    final int before = journal.stored().size();
    assertRefused(Requests.create(host, "f", ""), HostReply.Reason.ADDRESS_POOL_EXHAUSTED);
    await().atMost(PATIENCE).until(() -> journal.stored().size() == before + 2);
    assertThat(journal.stored().subList(before, before + 2))
        .extracting(event -> event.type())
        .containsExactly("host.vm_registered", "host.vm_forgotten");
    assertThat(world.census()).isEqualTo(census);
    assertThat(new Ledger(journal.stored()).names()).containsOnlyKeys("a", "b", "c", "d", "e");
    assertThat(new Ledger(journal.stored()).leases()).hasSize(5);
    Requests.delete(host, "c");
    assertThat(Requests.create(host, "f", "")).isInstanceOf(HostReply.VmCreated.class);
    Requests.await(host, "f", Goal.HEALTHY);
  }

  @Test
  void a_vm_without_its_plugin_is_refused() {
    assertNothingIsLeftOf(Requests.request("a", "nobody", ""), HostReply.Reason.PLUGIN_NOT_FOUND);
  }

  @Test
  void a_vm_of_a_disabled_plugin_is_refused() {
    host.<PluginReply>ask(
        replyTo -> new HostCommand.SetPluginEnabled("hello", false, TESTER, replyTo));
    await().atMost(PATIENCE).until(() -> !host.plugins().find("hello").orElseThrow().enabled());
    assertNothingIsLeftOf(Requests.request("a", "hello", ""), HostReply.Reason.PLUGIN_DISABLED);
  }

  @Test
  void a_vm_whose_boot_medium_is_missing_is_refused() {
    assertNothingIsLeftOf(
        booting(new Initramfs("/images/missing.cpio.gz", null, null)),
        HostReply.Reason.ARTIFACT_UNAVAILABLE);
  }

  @Test
  void a_vm_whose_boot_medium_is_another_than_promised_is_refused() {
    assertNothingIsLeftOf(
        booting(new Initramfs("/images/other.cpio.gz", "sha256:" + "0".repeat(64), null)),
        HostReply.Reason.CHECKSUM_MISMATCH);
  }

  @Test
  void a_vm_larger_than_the_host_is_refused() {
    assertNothingIsLeftOf(
        new VmRequest("a", "hello", null, null, 1_000_000, null, null, null, null),
        HostReply.Reason.HOST_RESOURCES_EXCEEDED);
  }

  @Test
  void a_vm_without_memory_is_refused() {
    assertNothingIsLeftOf(
        new VmRequest("a", "hello", null, null, 0, null, null, null, null),
        HostReply.Reason.INVALID);
  }

  @Test
  void a_vm_without_cores_is_refused() {
    assertNothingIsLeftOf(
        new VmRequest("b", "hello", null, -1, null, null, null, null, null),
        HostReply.Reason.INVALID);
  }

  @Test
  void what_does_not_fit_the_phase_is_refused_and_changes_nothing() {
    assertThat(reason(Requests.start(host, "a"))).isEqualTo(VmReply.Reason.NOT_FOUND);
    Requests.create(host, "a", "simulated.ready_ms=60000 simulated.shutdown_ms=60000");
    assertThat(reason(Requests.start(host, "a"))).isEqualTo(VmReply.Reason.ALREADY_RUNNING);
    Requests.stop(host, "a");
    Requests.await(host, "a", Goal.AT_REST);
    assertThat(reason(Requests.stop(host, "a"))).isEqualTo(VmReply.Reason.ALREADY_STOPPED);
    Requests.delete(host, "a");
    assertThat(reason(Requests.stop(host, "a"))).isEqualTo(VmReply.Reason.NOT_FOUND);
    assertThat(reason(Requests.delete(host, "a"))).isEqualTo(VmReply.Reason.NOT_FOUND);
  }

  @Test
  void start_stop_and_delete_while_it_is_stopping_are_answered_by_the_rules() {
    Requests.create(host, "a", "simulated.shutdown_ms=-1");
    Requests.await(host, "a", Goal.HEALTHY);
    Requests.stop(host, "a");
    assertThat(reason(Requests.start(host, "a"))).isEqualTo(VmReply.Reason.WRONG_STATE);
    assertThat(reason(Requests.stop(host, "a"))).isEqualTo(VmReply.Reason.WRONG_STATE);
    assertThat(reason(Requests.restart(host, "a"))).isEqualTo(VmReply.Reason.WRONG_STATE);
    assertThat(Requests.delete(host, "a"))
        .asInstanceOf(InstanceOfAssertFactories.type(VmReply.Accepted.class))
        .extracting(accepted -> accepted.vm().phase())
        .isInstanceOf(Phase.Deleted.class);
    assertThat(world.census()).isEmpty();
  }

  private static VmRequest booting(Initramfs initramfs) {
    return new VmRequest(
        "a",
        "hello",
        null,
        null,
        null,
        null,
        null,
        null,
        new VmRequest.Config(
            null, null, null, null, null, null, null, null, initramfs, null, null, null, null, null,
            null));
  }

  private void assertNothingIsLeftOf(VmRequest request, HostReply.Reason reason) {
    int before = journal.stored().size();
    assertRefused(Requests.create(host, request), reason);
    assertThat(journal.stored().subList(before, journal.stored().size()))
        .extracting(event -> event.type())
        .isSubsetOf("network.defined"); // which every daemon stores at its first start
    assertThat(world.census()).isEmpty();
    assertThat(host.vms().all()).isEmpty();
    assertThat(Requests.create(host, request("later"))).isInstanceOf(HostReply.VmCreated.class);
    Requests.delete(host, "later");
  }

  /** A good one, on a plugin that is always there. */
  private VmRequest request(String name) {
    Requests.install(host, "other");
    return Requests.request(name, "other", "");
  }

  private static void assertRefused(HostReply reply, HostReply.Reason reason) {
    assertThat(reply)
        .isInstanceOfSatisfying(
            HostReply.Refused.class, refused -> assertThat(refused.reason()).isEqualTo(reason));
  }

  private static boolean isRefused(HostReply reply, HostReply.Reason reason) {
    return reply instanceof HostReply.Refused refused && refused.reason() == reason;
  }

  private static VmReply.Reason reason(VmReply reply) {
    return switch (reply) {
      case VmReply.Refused(var reason, _) -> reason;
      case VmReply.Accepted accepted -> throw new AssertionError("accepted: " + accepted);
    };
  }

  private List<HostReply> createAtOnce(List<String> names) {
    List<CompletableFuture<HostReply>> answers = new ArrayList<>();
    for (String name : names) {
      answers.add(
          AskPattern.<HostCommand, HostReply>ask(
                  host.system(),
                  replyTo ->
                      new HostCommand.CreateVm(
                          Requests.request(name, "hello", ""), TESTER, replyTo),
                  PATIENCE,
                  host.system().scheduler())
              .toCompletableFuture());
    }
    return answers.stream().map(CompletableFuture::join).toList();
  }
}
