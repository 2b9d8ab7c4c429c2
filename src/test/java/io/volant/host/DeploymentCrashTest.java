package io.volant.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.volant.deployment.Deployment;
import io.volant.deployment.DeploymentCommand.Change;
import io.volant.deployment.Progress;
import io.volant.fake.Death;
import io.volant.fake.Deployments;
import io.volant.fake.Requests;
import io.volant.journal.JournalEvent;
import io.volant.model.Asker;
import io.volant.model.VmId;
import io.volant.vm.Vm;
import io.volant.vm.VmEvent;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.pekko.actor.typed.ActorSystem;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The daemon dies at every single write of a deployment's stories, on both sides of the write, and
 * comes back: the deployment gets where it was asked to go, with never more VMs than there may be,
 * and nothing is left over. Or a write fails, and the daemon lives on.
 */
class DeploymentCrashTest extends MortalHostFixture {

  private static final int WRITES_MAX = 120;

  /** A deployment of two that is healthy, and what happens to it. */
  enum Story {
    CREATE(2),
    SCALE_UP(3),
    SCALE_DOWN(1),
    UPDATE(2),
    /** The new config never comes up; the rollout fails, and the other replica stays. */
    UPDATE_IN_VAIN(2),
    /** One crashes, and is replaced after its pause. */
    REPLICA_CRASHES(2),
    ROLL_BACK(2),
    DELETE(0);

    final int after;

    Story(int after) {
      this.after = after;
    }
  }

  @BeforeEach
  void install() {
    Requests.install(host, "hello");
  }

  @ParameterizedTest
  @EnumSource(Story.class)
  void a_daemon_that_dies_right_after_any_write_finishes_the_story_when_it_is_back(Story story) {
    everywhere(story, Death.Moment.ONCE_STORED);
  }

  @ParameterizedTest
  @EnumSource(Story.class)
  void a_daemon_that_loses_any_write_finishes_the_story_when_it_is_back(Story story) {
    everywhere(story, Death.Moment.INSTEAD_OF_STORING);
  }

  @ParameterizedTest
  @EnumSource(names = {"CREATE", "UPDATE", "DELETE"})
  void whichever_write_fails_the_story_is_finished_or_never_began(Story story) {
    int write = 1;
    boolean failed = true;
    while (failed) {
      String name = "d" + write;
      String place = story + ", failed write " + write;
      prepare(story, name);
      final int stored = death.stored().size();
      death.failAt(write);
      act(story, name);
      soon(place).until(() -> death.hasFailed() || isThrough(story, name));
      failed = hasFailedSoon();
      boolean begun = isDecided(story, death.stored().subList(stored, death.stored().size()));
      boolean lost = failed && !begun && !isDecidedSoon(story, stored);
      assertEnds(lost ? before(story) : story, name, place);
      clear(name, place);
      write++;
      assertThat(write).as("writes of %s", story).isLessThan(WRITES_MAX);
    }
    assertThat(write).as("failures in %s", story).isGreaterThan(3);
  }

  private void everywhere(Story story, Death.Moment moment) {
    int write = dieAtEveryWrite(story.name(), WRITES_MAX, number -> dieAt(story, moment, number));
    assertThat(write).as("deaths in %s", story).isGreaterThan(4);
  }

  /** One case with a deployment of its own. False: the story was over before this write. */
  private boolean dieAt(Story story, Death.Moment moment, int write) {
    String name = "d" + write;
    String place = story + ", " + moment + " " + write;
    prepare(story, name);
    final int stored = death.stored().size();
    death.arm(write, moment);
    act(story, name);
    soon(place).until(() -> death.isDead() || isThrough(story, name));
    if (story == Story.UPDATE_IN_VAIN && !death.isDead()) { // it is tried again for ever
      death.disarm();
      return false;
    }
    if (hasOutlived(place)) {
      return false;
    }
    host.die();
    List<JournalEvent> events = death.stored();
    boolean decided = isDecided(story, events.subList(stored, events.size()));
    comeBack();
    assertEnds(decided ? story : before(story), name, place);
    clear(name, place);
    return true;
  }

  // --- the stories ---

  private void prepare(Story story, String name) {
    if (story == Story.CREATE) {
      return;
    }
    Deployments.create(host, name, 2, Deployments.config("first"));
    soon(name).until(() -> isComplete(name, 1) && readyVms(name) == 2);
    if (story == Story.ROLL_BACK) {
      Deployments.update(host, name, Deployments.config("second"));
      soon(name).until(() -> isComplete(name, 2) && readyVms(name) == 2);
    }
  }

  private void act(Story story, String name) {
    ActorSystem<HostCommand> system = host.system();
    Asker asker = new Asker("tester", "request-2");
    switch (story) {
      case CREATE ->
          system.tell(
              new HostCommand.CreateDeployment(
                  name,
                  2,
                  null,
                  new io.volant.deployment.VmTemplate(Deployments.config("first")),
                  asker,
                  system.ignoreRef()));
      case SCALE_UP -> change(name, new Change(3, null, null));
      case SCALE_DOWN -> change(name, new Change(1, null, null));
      case UPDATE -> change(name, new Change(null, null, Deployments.config("second")));
      case UPDATE_IN_VAIN ->
          change(name, new Change(null, null, Deployments.config("simulated.launch_fails=1")));
      case REPLICA_CRASHES -> world.kill(host.vms().find(name + "-2").orElseThrow().id());
      case ROLL_BACK ->
          system.tell(new HostCommand.RollBackDeployment(name, asker, system.ignoreRef()));
      case DELETE -> system.tell(new HostCommand.DeleteDeployment(name, asker, system.ignoreRef()));
    }
  }

  private void change(String name, Change change) {
    ActorSystem<HostCommand> system = host.system();
    Asker asker = new Asker("tester", "request-2");
    system.tell(new HostCommand.UpdateDeployment(name, change, asker, system.ignoreRef()));
  }

  /** Whether the story cannot be undone any more. */
  private static boolean isDecided(Story story, List<JournalEvent> events) {
    String decided =
        switch (story) {
          case CREATE -> "deployment.created";
          case SCALE_UP, SCALE_DOWN -> "deployment.scaled";
          case UPDATE, UPDATE_IN_VAIN -> "deployment.config_changed";
          case REPLICA_CRASHES -> ""; // that is the world's decision
          case ROLL_BACK -> "deployment.rolled_back";
          case DELETE -> "deployment.delete_requested";
        };
    return decided.isEmpty() || events.stream().anyMatch(each -> each.type().equals(decided));
  }

  /** The story of which this deployment's state is the end, if it was never begun with. */
  private static Story before(Story story) {
    return switch (story) {
      case CREATE -> Story.DELETE;
      case ROLL_BACK -> Story.UPDATE;
      case SCALE_UP, SCALE_DOWN, UPDATE, UPDATE_IN_VAIN, REPLICA_CRASHES, DELETE -> Story.ROLL_BACK;
    };
  }

  private boolean isThrough(Story story, String name) {
    if (story == Story.DELETE) {
      return host.deployments().find(name).isEmpty() && vms(name).isEmpty();
    }
    if (story == Story.UPDATE_IN_VAIN) {
      Deployment deployment = host.deployments().find(name).orElse(null);
      return deployment != null
          && deployment.progress().phase() == Progress.Phase.FAILED
          && readyVms(name) == 1
          && first(name) == 1;
    }
    boolean replaced =
        story != Story.REPLICA_CRASHES
            || death.stored().stream()
                .anyMatch(event ->
                    event.type().equals("deployment.replica_failed")
                        && event.stamp().name().equals(name));
    return replaced
        && isComplete(name, story == Story.UPDATE ? 2 : 1)
        && vms(name).size() == story.after
        && readyVms(name) == story.after;
  }

  // --- what must hold ---

  private void assertEnds(Story story, String name, String place) {
    soon(place)
        .untilAsserted(() -> {
          assertThat(isThrough(story == Story.REPLICA_CRASHES ? Story.CREATE : story, name))
              .as("%s: %s", place, host.deployments().find(name))
              .isTrue();
        });
    if (story == Story.UPDATE_IN_VAIN) { // it is tried again and again, so nothing stays as it is
      assertNeverTooMany(name, 2, place);
      return;
    }
    assertNeverTooMany(name, story == Story.SCALE_UP ? 3 : 2, place);
    assertThat(new Ledger(death.stored()).leases().keySet())
        .as("leases, %s", place)
        .isEqualTo(new java.util.HashSet<>(vms(name).values()));
    // what the census has of each: its folder, process, run files and tap
    soon(place).untilAsserted(() -> assertThat(world.census()).as(place).hasSize(4 * story.after));
  }

  /** By the journal: never more VMs of the deployment than allowed, never two of one name. */
  private void assertNeverTooMany(String name, int most, String place) {
    Map<VmId, String> living = new TreeMap<>();
    for (JournalEvent event : death.stored()) {
      if (event instanceof VmEvent.Created created && isReplica(event.stamp().name(), name)) {
        assertThat(living.values()).as(place).doesNotContain(event.stamp().name());
        living.put(created.vmId(), event.stamp().name());
        assertThat(living.size()).as(place).isLessThanOrEqualTo(most);
        assertThat(event.stamp().by()).as(place).isEqualTo("deployment/" + name);
      } else if (event instanceof VmEvent.Deleted) {
        living.keySet().removeIf(id -> event.stamp().id().startsWith("vm/" + id + "#"));
      }
    }
  }

  private void clear(String name, String place) {
    if (host.deployments().find(name).isPresent()) {
      Deployments.delete(host, name);
    }
    soon(place).untilAsserted(() -> assertThat(world.census()).as(place).isEmpty());
    soon(place).until(() -> new Ledger(death.stored()).names().isEmpty());
  }

  private boolean hasFailedSoon() {
    try {
      await().pollDelay(Duration.ZERO).pollInterval(POLL).atMost(QUIET).until(death::hasFailed);
      return true;
    } catch (ConditionTimeoutException never) {
      death.failAt(Integer.MAX_VALUE);
      return false;
    }
  }

  /** What was asked may have come to the journal a little later than the failure. */
  private boolean isDecidedSoon(Story story, int stored) {
    try {
      await()
          .pollDelay(Duration.ZERO)
          .pollInterval(POLL)
          .atMost(Duration.ofSeconds(1))
          .until(() -> {
            List<JournalEvent> events = death.stored();
            return isDecided(story, events.subList(stored, events.size()));
          });
      return true;
    } catch (ConditionTimeoutException never) {
      return false;
    }
  }

  private boolean isComplete(String name, int revision) {
    Deployment deployment = host.deployments().find(name).orElse(null);
    return deployment != null
        && deployment.progress().phase() == Progress.Phase.COMPLETE
        && deployment.wish().revision() == revision
        && deployment.slots().values().stream().allMatch(slot -> slot.revision() == revision);
  }

  /** How many VMs the first replica was, in the order of things: 1 if it was never replaced. */
  private long first(String name) {
    return death.stored().stream()
        .filter(event -> event instanceof VmEvent.Created)
        .filter(event -> event.stamp().name().equals(name + "-1"))
        .count();
  }

  private Map<String, VmId> vms(String name) {
    Map<String, VmId> vms = new TreeMap<>();
    host.vms().all().stream()
        .filter(vm -> isReplica(vm.name(), name))
        .forEach(vm -> vms.put(vm.name(), vm.id()));
    return vms;
  }

  private long readyVms(String name) {
    return host.vms().all().stream()
        .filter(vm -> isReplica(vm.name(), name))
        .filter(Vm::isReady)
        .count();
  }

  private static boolean isReplica(String vmName, String deployment) {
    return vmName.startsWith(deployment + "-");
  }
}
