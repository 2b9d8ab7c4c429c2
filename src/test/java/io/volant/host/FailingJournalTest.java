package io.volant.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.volant.adapter.simulated.SimulatedWorld;
import io.volant.fake.Death;
import io.volant.fake.Requests;
import io.volant.fake.SimulatedHost;
import io.volant.model.Asker;
import io.volant.vm.Health;
import io.volant.vm.Phase;
import io.volant.vm.Vm;
import io.volant.vm.VmCommand.Goal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.apache.pekko.actor.typed.ActorSystem;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One write to the journal fails, every one in its turn. The daemon lives on: what was asked is
 * refused or reached, and nobody waits for ever.
 */
class FailingJournalTest {

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration QUIET = Duration.ofMillis(100);

  @TempDir private Path home;
  private final SimulatedWorld world = SimulatedHost.world();
  private final Death journal = new Death();
  private SimulatedHost host;

  @BeforeEach
  void startDaemon() {
    host =
        SimulatedHost.start(
            SimulatedHost.config(home, journal), world, "10.9.0.0/16", UnaryOperator.identity());
    Requests.install(host, "hello");
    Requests.create(host, "first", "");
    Requests.await(host, "first", Goal.HEALTHY);
  }

  @AfterEach
  void endDaemon() {
    host.die();
    world.close();
  }

  @Test
  void a_new_vm_is_refused_or_becomes_healthy_whichever_write_fails() {
    int write = 1;
    do {
      String name = "vm" + write;
      journal.failAt(write);
      switch (Requests.create(host, name, "")) {
        case HostReply.VmCreated _ -> await(name).atMost(PATIENCE).until(() -> isHealthy(name));
        case HostReply.Refused(var reason, _, _) -> {
          assertThat(reason).as(name).isEqualTo(HostReply.Reason.OVERLOADED);
          assertThat(Requests.create(host, name, "")).isInstanceOf(HostReply.VmCreated.class);
        }
      }
      write++;
    } while (hasFailedSoon());
    assertThat(write).isGreaterThan(8);
    assertThat(world.launches()).isEqualTo(host.vms().all().size());
    assertThat(isHealthy("first")).as("nobody else noticed").isTrue();
  }

  @Test
  void a_stop_is_forgotten_or_done_whichever_write_fails() {
    int write = 1;
    do {
      Requests.start(host, "first");
      await().atMost(PATIENCE).until(() -> isHealthy("first"));
      journal.failAt(write);
      ActorSystem<HostCommand> system = host.system();
      system.tell(new HostCommand.StopVm("first", new Asker("tester", "r"), system.ignoreRef()));
      String place = "write " + write;
      boolean forgotten = write == 1;
      await(place)
          .atMost(PATIENCE)
          .until(() -> forgotten ? journal.hasFailed() : vm() instanceof Phase.Stopped);
      if (forgotten) {
        assertThat(isHealthy("first")).isTrue();
      }
      write++;
    } while (hasFailedSoon());
    assertThat(write).isGreaterThan(4);
    assertThat(world.census()).containsExactly("folder 1");
  }

  @Test
  void a_delete_is_forgotten_or_done_and_the_name_freed_whichever_write_fails() {
    int write = 1;
    do {
      String name = "vm" + write;
      Requests.create(host, name, "");
      await(name).atMost(PATIENCE).until(() -> isHealthy(name));
      journal.failAt(write);
      ActorSystem<HostCommand> system = host.system();
      system.tell(new HostCommand.DeleteVm(name, new Asker("tester", "r"), system.ignoreRef()));
      boolean forgotten = write == 1;
      await(name)
          .atMost(PATIENCE)
          .until(() ->
              forgotten
                  ? journal.hasFailed()
                  : !new Ledger(journal.stored()).names().containsKey(name));
      write++;
    } while (hasFailedSoon());
    assertThat(write).isGreaterThan(4);
    await().atMost(PATIENCE).until(() -> new Ledger(journal.stored()).leases().size() == 2);
  }

  @Test
  void a_stop_ends_by_force_though_a_write_failed_while_the_guest_was_asked() {
    Requests.create(host, "deaf", "simulated.shutdown_ms=-1");
    Requests.await(host, "deaf", Goal.HEALTHY);
    Requests.stop(host, "deaf");
    journal.failAt(1);
    Vm vm = host.vms().find("deaf").orElseThrow();
    world.killWorkload(vm.id(), 1); // nothing that is stored while it stops
    assertThat(Requests.await(host, "deaf", Goal.AT_REST).phase())
        .isInstanceOf(Phase.Stopped.class);
  }

  /** The last writes of a story may come after its end is seen. */
  private boolean hasFailedSoon() {
    try {
      await().pollDelay(Duration.ZERO).atMost(QUIET).until(journal::hasFailed);
      return true;
    } catch (org.awaitility.core.ConditionTimeoutException never) {
      journal.failAt(Integer.MAX_VALUE);
      return false;
    }
  }

  private Phase vm() {
    return host.vms().find("first").orElseThrow().phase();
  }

  private boolean isHealthy(String name) {
    return host.vms().find(name).map(Vm::phase).orElse(null) instanceof Phase.Running running
        && running.health() == Health.HEALTHY;
  }
}
