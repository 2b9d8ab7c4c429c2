package io.volant.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.volant.adapter.simulated.SimulatedGuest;
import io.volant.adapter.simulated.SimulatedHypervisor;
import io.volant.adapter.simulated.SimulatedTaps;
import io.volant.adapter.simulated.SimulatedWorld;
import io.volant.fake.Death;
import io.volant.fake.Requests;
import io.volant.fake.SimulatedHost;
import io.volant.model.VmId;
import io.volant.vm.Adoption;
import io.volant.vm.CommandInput;
import io.volant.vm.CommandOutput;
import io.volant.vm.Guest;
import io.volant.vm.GuestCommand;
import io.volant.vm.GuestLogLine;
import io.volant.vm.GuestSignal;
import io.volant.vm.Health;
import io.volant.vm.Hypervisor;
import io.volant.vm.KillSpec;
import io.volant.vm.LaunchSpec;
import io.volant.vm.LinkAddress;
import io.volant.vm.Phase;
import io.volant.vm.SerialConsole;
import io.volant.vm.Taps;
import io.volant.vm.Vm;
import io.volant.vm.VmCommand.Goal;
import io.volant.vm.VmExit;
import io.volant.vm.VmHandle;
import io.volant.vm.VmPorts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ports that do not do what is hoped for. */
class VmTroubleTest {

  private static final Duration PATIENCE = Duration.ofSeconds(15);

  @TempDir private Path home;
  private final SimulatedWorld world = SimulatedHost.world();
  private final Death journal = new Death();
  private final UnsureHypervisor hypervisor = new UnsureHypervisor(new SimulatedHypervisor(world));
  private final StickyTaps taps = new StickyTaps(new SimulatedTaps(world));
  private final LoudGuest guest = new LoudGuest(new SimulatedGuest(world));
  private SimulatedHost host;

  @BeforeEach
  void startDaemon() {
    host = daemon();
    Requests.install(host, "hello");
    Requests.create(host, "a", "");
    Requests.await(host, "a", Goal.HEALTHY);
  }

  @AfterEach
  void endDaemon() {
    host.die();
    world.close();
  }

  @Test
  void a_process_that_cannot_be_asked_is_kept_and_asked_again_until_it_answers() {
    host.die();
    hypervisor.unsure = true;
    host = daemon();
    await().atMost(PATIENCE).until(() -> running() instanceof Phase.Running now && !now.certain());
    await().atMost(PATIENCE).until(() -> hypervisor.asked.get() >= 4);
    assertThat(world.census()).contains("process 1");
    assertThat(hypervisor.killed.get()).isZero();
    assertThat(count("vm.adoption_unsure")).isEqualTo(1);
    hypervisor.unsure = false;
    assertThat(Requests.await(host, "a", Goal.HEALTHY).phase())
        .isEqualTo(new Phase.Running(true, new Phase.WorkloadRun(1, true), Health.HEALTHY, null));
    assertThat(world.launches()).isEqualTo(1);
  }

  @Test
  void a_process_that_cannot_be_asked_and_is_found_gone_is_a_crash() {
    host.die();
    hypervisor.unsure = true;
    host = daemon();
    await().atMost(PATIENCE).until(() -> hypervisor.asked.get() >= 2);
    world.kill(new VmId(1));
    hypervisor.unsure = false;
    assertThat(Requests.await(host, "a", Goal.AT_REST).phase()).isInstanceOf(Phase.Crashed.class);
    assertThat(world.census()).containsExactly("folder 1");
  }

  @Test
  void a_release_that_fails_twice_is_said_once_tried_again_and_then_the_vm_is_at_rest() {
    taps.failures.set(2);
    Requests.stop(host, "a");
    Vm vm = Requests.await(host, "a", Goal.AT_REST);
    assertThat(vm.phase()).isInstanceOf(Phase.Stopped.class);
    assertThat(count("vm.release_failed")).isEqualTo(1);
    assertThat(world.census()).containsExactly("folder 1");
  }

  @Test
  void a_guest_that_floods_fills_no_journal_and_its_last_word_counts() {
    int before = journal.stored().size();
    for (int number = 0; number < 10_000; number++) {
      Health health = number % 2 == 0 ? Health.UNHEALTHY : Health.HEALTHY;
      guest.say(new GuestSignal.HealthChanged(health, "number " + number));
      if (number % 1_000 == 0) { // the link itself lets far less through at once
        Requests.await(host, "a", Goal.RUNNING);
      }
    }
    guest.say(new GuestSignal.HealthChanged(Health.UNKNOWN, "the last"));
    await()
        .atMost(PATIENCE)
        .until(() ->
            running() instanceof Phase.Running now
                && now.health() == Health.UNKNOWN
                && "the last".equals(now.detail()));
    assertThat(journal.stored().size() - before).isLessThan(50);
  }

  @Test
  void a_link_that_is_silent_makes_health_unknown_until_it_is_back() {
    guest.say(new GuestSignal.LinkDown("broken"));
    await()
        .atMost(PATIENCE)
        .until(() -> running() instanceof Phase.Running now && now.health() == Health.UNKNOWN);
    guest.say(new GuestSignal.LinkUp());
    guest.say(new GuestSignal.HealthChanged(Health.HEALTHY, null));
    await()
        .atMost(PATIENCE)
        .until(() -> running() instanceof Phase.Running now && now.health() == Health.HEALTHY);
  }

  @Test
  void words_of_an_earlier_start_are_not_taken_for_those_of_this_one() {
    Consumer<GuestSignal> earlier = guest.listener();
    Requests.restart(host, "a");
    assertThat(Requests.await(host, "a", Goal.HEALTHY).attempt()).isEqualTo(2);
    earlier.accept(new GuestSignal.WorkloadExited(9, 1, null, 0, 0));
    earlier.accept(new GuestSignal.HealthChanged(Health.UNHEALTHY, "late"));
    guest.say(new GuestSignal.HealthChanged(Health.UNKNOWN, "a mark, to know that all was heard"));
    await()
        .atMost(PATIENCE)
        .until(() -> running() instanceof Phase.Running now && now.health() == Health.UNKNOWN);
    assertThat(count("vm.workload_exited")).isZero();
  }

  private @Nullable Phase running() {
    return host.vms().find("a").map(Vm::phase).orElse(null);
  }

  private long count(String type) {
    return journal.stored().stream().filter(event -> event.type().equals(type)).count();
  }

  private SimulatedHost daemon() {
    return SimulatedHost.start(
        SimulatedHost.config(home, journal),
        world,
        "10.9.0.0/16",
        real ->
            new VmPorts(
                hypervisor,
                guest,
                real.probes(),
                taps,
                real.folders(),
                real.disks(),
                real.kernels(),
                real.artifacts()));
  }

  /** Cannot tell what became of a process, as long as it is told so. */
  private static final class UnsureHypervisor implements Hypervisor {
    private final Hypervisor real;
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicInteger killed = new AtomicInteger();
    private volatile boolean unsure;

    UnsureHypervisor(Hypervisor real) {
      this.real = real;
    }

    @Override
    public String driver() {
      return real.driver();
    }

    @Override
    public CompletionStage<VmHandle> launch(LaunchSpec spec) {
      return real.launch(spec);
    }

    @Override
    public CompletionStage<Adoption> adopt(VmHandle handle) {
      asked.incrementAndGet();
      return unsure
          ? CompletableFuture.completedFuture(new Adoption.Unsure("silent " + asked))
          : real.adopt(handle);
    }

    @Override
    public CompletionStage<VmExit> exited(VmHandle handle) {
      return real.exited(handle);
    }

    @Override
    public CompletionStage<Done> kill(KillSpec spec) {
      killed.incrementAndGet();
      return real.kill(spec);
    }

    @Override
    public SerialConsole console(VmHandle handle) {
      return real.console(handle);
    }
  }

  /** Taps that do not come off for a while. */
  private static final class StickyTaps implements Taps {
    private final Taps real;
    private final AtomicInteger failures = new AtomicInteger();

    StickyTaps(Taps real) {
      this.real = real;
    }

    @Override
    public CompletionStage<Done> ensure(String tap, String bridge) {
      return real.ensure(tap, bridge);
    }

    @Override
    public CompletionStage<Done> remove(String tap) {
      return failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0
          ? CompletableFuture.failedFuture(new IllegalStateException("device is busy"))
          : real.remove(tap);
    }
  }

  /** A guest that also says what a test puts into its mouth. */
  private static final class LoudGuest implements Guest {
    private final Guest real;
    private volatile @Nullable Consumer<GuestSignal> listener;

    LoudGuest(Guest real) {
      this.real = real;
    }

    void say(GuestSignal signal) {
      listener().accept(signal);
    }

    Consumer<GuestSignal> listener() {
      Consumer<GuestSignal> now = listener;
      if (now == null) {
        throw new IllegalStateException("nobody listens");
      }
      return now;
    }

    @Override
    public void open(VmId vmId, LinkAddress address, Consumer<GuestSignal> hears) {
      listener = hears;
      real.open(vmId, address, hears);
    }

    @Override
    public void close(VmId vmId) {
      real.close(vmId);
    }

    @Override
    public CompletionStage<Done> shutdown(VmId vmId) {
      return real.shutdown(vmId);
    }

    @Override
    public CompletionStage<Flow<ByteString, ByteString, NotUsed>> tunnel(VmId vmId, int port) {
      return real.tunnel(vmId, port);
    }

    @Override
    public CompletionStage<Source<GuestLogLine, NotUsed>> logs(
        VmId vmId, long fromSequence, boolean follow) {
      return real.logs(vmId, fromSequence, follow);
    }

    @Override
    public CompletionStage<Flow<CommandInput, CommandOutput, NotUsed>> exec(
        VmId vmId, GuestCommand command) {
      return real.exec(vmId, command);
    }

    @Override
    public CompletionStage<Source<ByteString, NotUsed>> readFiles(
        VmId vmId, String path, boolean follow) {
      return real.readFiles(vmId, path, follow);
    }

    @Override
    public CompletionStage<Done> writeFiles(
        VmId vmId, String folder, boolean makeFolder, Source<ByteString, ?> archive) {
      return real.writeFiles(vmId, folder, makeFolder, archive);
    }
  }
}
