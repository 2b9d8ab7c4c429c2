package io.volant.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import io.volant.deployment.DeploymentEvent.ReplicaUnwanted;
import io.volant.deployment.DeploymentEvent.ReplicaWanted;
import io.volant.deployment.DeploymentEvent.Why;
import io.volant.deployment.DeploymentWorld.FakeVm;
import io.volant.deployment.Progress.Phase;
import io.volant.deployment.Sighting.Condition;
import io.volant.deployment.Slot.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Lets arbitrary things happen to a deployment and its VMs in arbitrary order, and holds what is
 * decided against what must never be.
 */
class RolloutWalkTest {

  private static final int STEPS = 1_500;
  private static final int REPLICAS_MAX = 6;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void nothing_that_may_happen_leads_to_what_must_not_be(long seed) {
    Random random = new Random(seed);
    DeploymentWorld world = new DeploymentWorld(random);
    world.create(random.nextInt(REPLICAS_MAX), 1 + random.nextInt(2), "good");
    for (int step = 0; step < STEPS; step++) {
      String place = "seed " + seed + " step " + step;
      world.watch = event -> assertAllowed(world, event, place);
      List<Action> actions = world.settle();
      assertStable(world, actions, place);
      assertInvariants(world, place);
      happens(world, actions, random, step);
    }
    calmDown(world, "seed " + seed);
  }

  /** From now on the world behaves, and a good config is wanted: it is reached. */
  private static void calmDown(DeploymentWorld world, String place) {
    world.ask(new DeploymentCommand.Change(4, 1, DeploymentWorld.template("good-again").tree()));
    for (int round = 0; round < 400; round++) {
      world.watch = event -> assertAllowed(world, event, place);
      List<Action> actions = world.settle();
      assertInvariants(world, place);
      world.vms.entrySet().removeIf(vm -> isStranger(vm.getValue()) || isLeaving(vm.getValue()));
      world.hostActs(actions);
      world.vms.values().forEach(vm -> world.vmActs(vm, true));
      world.now = world.now.plusMillis(500);
    }
    Deployment deployment = world.deployment();
    assertThat(deployment.progress().phase()).as(place).isEqualTo(Phase.COMPLETE);
    assertThat(deployment.slots().keySet()).as(place).containsExactly(1, 2, 3, 4);
    assertThat(deployment.slots().values())
        .as(place)
        .allMatch(slot -> slot.revision() == deployment.wish().revision());
    assertThat(world.vms.values()).as(place).allMatch(vm -> vm.condition == Condition.READY);
    int events = world.stored.size();
    world.now = world.now.plusSeconds(3_600);
    world.settle();
    world.now = world.now.plusSeconds(3_600);
    assertThat(world.settle()).as("nothing changes, " + place).isEmpty();
    assertThat(world.stored.subList(events, world.stored.size()))
        .as(place)
        .allMatch(event -> event instanceof DeploymentEvent.ReplicaSteady);
    world.delete();
    for (int round = 0; round < 20; round++) {
      world.hostActs(world.settle());
    }
    assertThat(world.find()).as(place).isEmpty();
    assertThat(world.vms).as(place).isEmpty();
  }

  private static void happens(
      DeploymentWorld world, List<Action> actions, Random random, int step) {
    switch (random.nextInt(24)) {
      case 0 ->
          world.ask(
              new DeploymentCommand.Change(
                  random.nextInt(REPLICAS_MAX), 1 + random.nextInt(2), null));
      case 1 -> {
        if (random.nextInt(4) == 0) {
          String config = (random.nextInt(3) == 0 ? "bad" : "good") + step;
          world.ask(
              new DeploymentCommand.Change(null, null, DeploymentWorld.template(config).tree()));
        }
      }
      case 2 -> {
        if (random.nextInt(4) == 0) {
          world.rollBack();
        }
      }
      case 3 -> any(world, random).ifPresent(vm -> worsen(vm, random));
      case 4 -> {
        if (random.nextInt(5) == 0) {
          world.stranger(1 + random.nextInt(REPLICAS_MAX));
        }
      }
      case 5 ->
          world.vms.entrySet().removeIf(vm -> isLeaving(vm.getValue()) || random.nextInt(20) == 0);
      case 6 -> refuse(world, random);
      case 7, 8 -> world.now = world.now.plusMillis(random.nextInt(20_000));
      case 9, 10, 11, 12, 13, 14 ->
          any(world, random).ifPresent(vm -> world.vmActs(vm, random.nextBoolean()));
      default -> world.hostActs(actions);
    }
    world.now = world.now.plusMillis(random.nextInt(300));
  }

  private static java.util.Optional<FakeVm> any(DeploymentWorld world, Random random) {
    List<FakeVm> vms = new ArrayList<>(world.vms.values());
    return vms.isEmpty()
        ? java.util.Optional.empty()
        : java.util.Optional.of(vms.get(random.nextInt(vms.size())));
  }

  private static void worsen(FakeVm vm, Random random) {
    List<Condition> worse =
        List.of(
            Condition.CRASHED, Condition.STOPPED, Condition.UP, Condition.GOING, Condition.LEAVING);
    if (vm.condition != Condition.LEAVING) {
      vm.condition = worse.get(random.nextInt(worse.size()));
    }
  }

  private static void refuse(DeploymentWorld world, Random random) {
    for (Slot slot : List.copyOf(world.deployment().slots().values())) {
      if (slot.stage() instanceof Stage.Making(var cause)
          && !world.vms.containsKey(slot.number())
          && random.nextBoolean()) {
        world.notMade(slot.number(), cause, "no free address");
      }
    }
  }

  private static boolean isStranger(FakeVm vm) {
    return vm.maker.by().equals("ada");
  }

  private static boolean isLeaving(FakeVm vm) {
    return vm.condition == Condition.LEAVING;
  }

  // --- what must hold ---

  /** Deciding twice is deciding once. */
  private static void assertStable(DeploymentWorld world, List<Action> actions, String place) {
    assertThat(
            Rollout.decide(
                world.deployment(), Map.copyOf(world.seen), world.now, DeploymentWorld.SETTINGS))
        .as(place)
        .isEqualTo(actions);
    assertThat(actions)
        .as(place)
        .allMatch(action -> action instanceof Action.Wait || action instanceof Action.Start);
    actions.stream()
        .filter(Action.Wait.class::isInstance)
        .map(Action.Wait.class::cast)
        .forEach(wait -> assertThat(wait.until()).as(place).isAfter(world.now));
  }

  private static void assertInvariants(DeploymentWorld world, String place) {
    Deployment deployment = world.deployment();
    for (Slot slot : deployment.slots().values()) {
      assertThat(slot.number()).as(place).isBetween(1, REPLICAS_MAX);
      boolean leftOver = !deployment.isWanted(slot.number());
      boolean onItsWay =
          slot.stage() instanceof Stage.Making || slot.stage() instanceof Stage.Leaving;
      assertThat(leftOver && !onItsWay).as("%s: %s is wanted by nobody", place, slot).isFalse();
      assertThat(deployment.revisions()).as(place).containsKey(slot.revision());
    }
    assertThat(deployment.revisions().size()).as(place).isLessThanOrEqualTo(60);
  }

  /** Whether an event may follow at all. */
  private static void assertAllowed(DeploymentWorld world, DeploymentEvent event, String place) {
    switch (event) {
      case ReplicaWanted(_, int number, _) -> {
        Deployment deployment = world.deployment();
        assertThat(deployment.isWanted(number)).as(place).isTrue();
        assertThat(world.vms).as("%s: two of one name", place).doesNotContainKey(number);
        Slot slot = deployment.slots().get(number);
        assertThat(slot == null || slot.stage() instanceof Stage.Empty).as(place).isTrue();
        for (int below = 1; below < number; below++) { // in ascending order
          Slot lower = deployment.slots().get(below);
          assertThat(lower != null || isAwkward(world, below)).as(place).isTrue();
        }
        assertThat(making(deployment)).as(place).isLessThan(DeploymentWorld.SETTINGS.parallel());
      }
      case ReplicaUnwanted(_, int number, var vmId, var why) -> {
        assertThat(world.at(number).id).as(place).isEqualTo(vmId);
        assertThat(isStranger(world.at(number))).as("%s: a stranger", place).isFalse();
        if (why == Why.OUTDATED) {
          assertUpdate(world, number, place);
        }
        if (why == Why.SCALED_DOWN) {
          assertThat(number).as(place).isGreaterThan(world.deployment().wish().replicas());
        }
      }
      case DeploymentEvent.RolloutFinished _ -> {
        Deployment deployment = world.deployment();
        for (int number = 1; number <= deployment.wish().replicas(); number++) {
          assertThat(world.at(number).condition).as(place).isEqualTo(Condition.READY);
        }
      }
      default -> {} // says what was seen, or what was asked
    }
  }

  /** A name that is not free, or a place that was tried in vain. */
  private static boolean isAwkward(DeploymentWorld world, int number) {
    return world.vms.containsKey(number);
  }

  private static long making(Deployment deployment) {
    return deployment.slots().values().stream()
        .filter(slot -> slot.stage() instanceof Stage.Making)
        .count();
  }

  /** An update takes a working VM away only while no more than allowed are missing. */
  private static void assertUpdate(DeploymentWorld world, int number, String place) {
    Deployment deployment = world.deployment();
    assertThat(deployment.progress().phase()).as(place).isEqualTo(Phase.PROGRESSING);
    int unavailable = 0;
    for (int each = 1; each <= deployment.wish().replicas(); each++) {
      Slot slot = deployment.slots().get(each);
      FakeVm vm = world.vms.get(each);
      boolean works =
          slot != null
              && slot.stage() instanceof Stage.There
              && vm != null
              && vm.condition == Condition.READY;
      unavailable += works ? 0 : 1;
    }
    if (world.at(number).condition == Condition.READY) {
      assertThat(unavailable)
          .as("%s: replica %s", place, number)
          .isLessThan(deployment.wish().maxUnavailable());
    }
  }
}
