package io.volant.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.volant.fake.Death;
import io.volant.fake.Requests;
import io.volant.model.Asker;
import io.volant.model.VmId;
import io.volant.vm.Claim;
import io.volant.vm.Health;
import io.volant.vm.Phase;
import io.volant.vm.Vm;
import io.volant.vm.VmCommand.Goal;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.pekko.actor.typed.ActorSystem;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The daemon dies at every single write of every story that a VM can have, on both sides of the
 * write, and comes back on what it left. Each VM must reach what was asked, once, and leave no more
 * than its state explains.
 */
class CrashEverywhereTest extends MortalHostFixture {

  private static final int WRITES_MAX = 60;

  /** How a VM is, seen from afar. */
  enum Outcome {
    ABSENT,
    HEALTHY,
    STOPPED,
    CRASHED,
    UNDER_WAY
  }

  /**
   * A story. {@code decided} is the event with which it cannot be undone any more: before it is
   * stored, the VM must stay as it was; from then on it must become {@code after}.
   */
  enum Story {
    CREATE(Outcome.ABSENT, "", "vm.created", Outcome.HEALTHY),
    CREATE_IN_VAIN(Outcome.ABSENT, "simulated.launch_fails=1", "vm.created", Outcome.CRASHED),
    START(Outcome.STOPPED, "", "vm.start_requested", Outcome.HEALTHY),
    STOP(Outcome.HEALTHY, "", "vm.end_requested", Outcome.STOPPED),
    STOP_BY_FORCE(Outcome.HEALTHY, "simulated.shutdown_ms=-1", "vm.end_requested", Outcome.STOPPED),
    RESTART(Outcome.HEALTHY, "", "vm.end_requested", Outcome.HEALTHY),
    DELETE(Outcome.HEALTHY, "", "vm.end_requested", Outcome.ABSENT),
    DELETE_STOPPED(Outcome.STOPPED, "", "vm.end_requested", Outcome.ABSENT),
    HYPERVISOR_DIES(Outcome.HEALTHY, "", "", Outcome.CRASHED),
    HYPERVISOR_DIES_AND_POLICY_RESTARTS(Outcome.HEALTHY, "", "", Outcome.HEALTHY),
    CREATE_WITH_DISKS(Outcome.ABSENT, "", "vm.created", Outcome.HEALTHY),
    RESTART_WITH_DISKS(Outcome.HEALTHY, "", "vm.end_requested", Outcome.HEALTHY),
    DELETE_WITH_DISKS(Outcome.STOPPED, "", "vm.end_requested", Outcome.ABSENT);

    final Outcome before;
    final String words;
    final String decided;
    final Outcome after;

    Story(Outcome before, String words, String decided, Outcome after) {
      this.before = before;
      this.words = words;
      this.decided = decided;
      this.after = after;
    }

    String plugin() {
      return name().endsWith("_WITH_DISKS") ? "disks" : "hello";
    }

    VmRequest request(String vm) {
      return this == HYPERVISOR_DIES_AND_POLICY_RESTARTS
          ? Requests.restarting(vm, words, new VmRequest.Restart("always", 0, 20L, 20L))
          : Requests.request(vm, plugin(), words);
    }

    /** Which start it ends with. */
    int lastAttempt() {
      return switch (this) {
        case RESTART, RESTART_WITH_DISKS, HYPERVISOR_DIES_AND_POLICY_RESTARTS -> 2;
        default -> 1;
      };
    }
  }

  @BeforeEach
  void install() {
    Requests.install(host, "hello");
    Requests.install(host, Requests.rootfsManifest("disks"));
  }

  @ParameterizedTest
  @EnumSource(Story.class)
  void a_daemon_that_dies_right_after_any_write_finishes_the_story_when_it_is_back(Story story) {
    dieEverywhere(story, Death.Moment.ONCE_STORED);
  }

  @ParameterizedTest
  @EnumSource(Story.class)
  void a_daemon_that_loses_any_write_finishes_the_story_when_it_is_back(Story story) {
    dieEverywhere(story, Death.Moment.INSTEAD_OF_STORING);
  }

  private void dieEverywhere(Story story, Death.Moment moment) {
    int write = dieAtEveryWrite(story.name(), WRITES_MAX, number -> dieAt(story, moment, number));
    assertThat(write).as("deaths in %s", story).isGreaterThan(2);
  }

  /** One case with a VM of its own. False: the story was over before it came to this write. */
  private boolean dieAt(Story story, Death.Moment moment, int write) {
    String name = "vm" + write;
    String place = story + ", " + moment + " " + write;
    final long launchesBefore = world.launches();
    prepare(story, name);
    death.arm(write, moment);
    act(story, name);
    soon(place).until(() -> death.isDead() || isThrough(story, name));
    if (hasOutlived(place)) {
      return false;
    }
    host.die();
    boolean decided = story.decided.isEmpty() || death.hasStored(story.decided);
    comeBack();
    Outcome expected = decided ? story.after : story.before;
    soon(place).untilAsserted(() -> assertThat(outcome(name)).as(place).isEqualTo(expected));
    if (story.decided.isEmpty()) { // what was read from the journal may be old news
      soon(place).until(() -> isThrough(story, name));
    }
    soon(place).untilAsserted(() -> assertWhole(place));
    assertLaunches(place, name, world.launches() - launchesBefore);
    assertUsable(place, name);
    return true;
  }

  private void prepare(Story story, String name) {
    if (story.before == Outcome.ABSENT) {
      return;
    }
    Requests.create(host, story.request(name));
    assertThat(Requests.await(host, name, Goal.HEALTHY).phase()).isInstanceOf(Phase.Running.class);
    if (story.before == Outcome.STOPPED) {
      Requests.stop(host, name);
      Requests.await(host, name, Goal.AT_REST);
    }
  }

  private void act(Story story, String name) {
    ActorSystem<HostCommand> system = host.system();
    Asker asker = new Asker("tester", "request-2");
    switch (story) {
      case CREATE, CREATE_IN_VAIN, CREATE_WITH_DISKS ->
          system.tell(
              new HostCommand.CreateVm(
                  Requests.request(name, story.plugin(), story.words), asker, system.ignoreRef()));
      case START -> system.tell(new HostCommand.StartVm(name, asker, system.ignoreRef()));
      case STOP, STOP_BY_FORCE ->
          system.tell(new HostCommand.StopVm(name, asker, system.ignoreRef()));
      case RESTART, RESTART_WITH_DISKS ->
          system.tell(new HostCommand.RestartVm(name, asker, system.ignoreRef()));
      case DELETE, DELETE_STOPPED, DELETE_WITH_DISKS ->
          system.tell(new HostCommand.DeleteVm(name, asker, system.ignoreRef()));
      case HYPERVISOR_DIES, HYPERVISOR_DIES_AND_POLICY_RESTARTS ->
          world.kill(host.vms().find(name).orElseThrow().id());
    }
  }

  /** Whether the living daemon has told the whole story. */
  private boolean isThrough(Story story, String name) {
    boolean again = story.lastAttempt() == 1 || attempt(name) == story.lastAttempt();
    return again && outcome(name) == story.after;
  }

  private int attempt(String name) {
    return host.vms().find(name).map(Vm::attempt).orElse(0);
  }

  private Outcome outcome(String name) {
    return host.vms()
        .find(name)
        .map(vm ->
            switch (vm.phase()) {
              case Phase.Running running when running.health() == Health.HEALTHY -> Outcome.HEALTHY;
              case Phase.Stopped _ -> Outcome.STOPPED;
              case Phase.Crashed _ -> Outcome.CRASHED;
              case Phase.Deleted _ -> Outcome.ABSENT;
              case Phase.Starting _, Phase.Running _, Phase.Ending _ -> Outcome.UNDER_WAY;
            })
        .orElse(Outcome.ABSENT);
  }

  /** Names, leases and what is on the host are what the VMs' states say, no more and no less. */
  private void assertWhole(String place) {
    Map<String, VmId> names = new TreeMap<>();
    Map<VmId, String> leases = new HashMap<>();
    Set<String> required = new TreeSet<>();
    Set<String> allowed = new TreeSet<>();
    for (Vm vm : host.vms().all()) {
      names.put(vm.name(), vm.id());
      if (vm.holdings().claims().contains(Claim.ADDRESS) && vm.holdings().lease() != null) {
        leases.put(vm.id(), vm.holdings().lease().ipAddress());
      }
      vm.holdings().claims().forEach(claim -> allowed.addAll(thing(claim, vm.id())));
      if (vm.holdings().claims().contains(Claim.FOLDER)) { // disks are in it
        world.census().stream()
            .filter(thing -> thing.startsWith("disk " + vm.id() + " "))
            .forEach(allowed::add);
      }
      if (vm.phase() instanceof Phase.Running) {
        vm.holdings().claims().forEach(claim -> required.addAll(thing(claim, vm.id())));
      }
      if (!(vm.phase() instanceof Phase.Running)) {
        assertThat(Set.of(Claim.FOLDER)).as(place).containsAll(vm.holdings().claims());
      }
    }
    Ledger ledger = new Ledger(death.stored());
    assertThat(ledger.names()).as("names, %s", place).isEqualTo(names);
    assertThat(ledger.leases()).as("leases, %s", place).isEqualTo(leases);
    assertThat(world.census()).as("leaks, %s", place).isSubsetOf(allowed).containsAll(required);
  }

  private static Set<String> thing(Claim claim, VmId vmId) {
    return switch (claim) {
      case PROCESS -> Set.of("process " + vmId);
      case TAP -> Set.of("tap " + vmId.tapName());
      case RUN_FILES -> Set.of("run files " + vmId);
      case FOLDER -> Set.of("folder " + vmId);
      case ADDRESS -> Set.of();
    };
  }

  /** One process for each start at most; exactly one for each that came up. */
  private void assertLaunches(String place, String name, long launches) {
    assertThat(launches).as("launches, %s", place).isLessThanOrEqualTo(attempts(name));
    if (outcome(name) == Outcome.HEALTHY) {
      assertThat(launches).as("launches, %s", place).isEqualTo(attempt(name));
    }
  }

  private int attempts(String name) {
    return outcome(name) == Outcome.ABSENT ? 1 : attempt(name);
  }

  /** It can be deleted, and then nothing is left; its name is free. */
  private void assertUsable(String place, String name) {
    if (outcome(name) != Outcome.ABSENT) {
      Requests.delete(host, name);
    }
    soon(place)
        .untilAsserted(() -> {
          assertThat(world.census()).as(place).isEmpty();
          assertWhole(place);
        });
  }
}
