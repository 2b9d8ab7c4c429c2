package io.volant.deployment;

import io.volant.deployment.Sighting.Condition;
import io.volant.model.Asker;
import io.volant.model.Stamp;
import io.volant.model.VmId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A deployment and the VMs of its host, without actors: what was decided is stored as events, and
 * the host does what they ask for whenever the test lets it.
 */
final class DeploymentWorld {

  static final DeploymentSettings SETTINGS =
      new DeploymentSettings(3, 1, 60_000, 3, 1_000, 30_000, 20_000);

  /** A VM on the host. */
  static final class FakeVm {
    final VmId id;
    final Asker maker;
    final boolean good;
    Condition condition = Condition.COMING;

    FakeVm(VmId id, Asker maker, boolean good) {
      this.id = id;
      this.maker = maker;
      this.good = good;
    }

    Sighting sighting() {
      return new Sighting(id, maker, condition, "as was asked");
    }
  }

  final Map<Integer, FakeVm> vms = new TreeMap<>();
  final Map<Integer, Observed> seen = new TreeMap<>();
  final List<DeploymentEvent> stored = new ArrayList<>();
  final List<List<Action>> decided = new ArrayList<>();
  private final Random random;
  private DeploymentState state = new DeploymentState.Absent();
  private long sequence;
  private long vmSequence;
  Instant now = Instant.parse("2026-03-01T00:00:00Z");

  /** Called before each event is stored, with the state before it. */
  Consumer<DeploymentEvent> watch = _ -> {};

  DeploymentWorld(Random random) {
    this.random = random;
  }

  Optional<Deployment> find() {
    return state instanceof Deployment deployment ? Optional.of(deployment) : Optional.empty();
  }

  Deployment deployment() {
    return find().orElseThrow();
  }

  void create(int replicas, int maxUnavailable, String config) {
    store(List.of(s -> new DeploymentEvent.Created(s, replicas, maxUnavailable, template(config))));
  }

  /** Configs with {@code bad} in them make VMs that never become ready. */
  static VmTemplate template(String name) {
    return new VmTemplate(io.volant.fake.Deployments.json("{\"plugin\": \"" + name + "\"}"));
  }

  void ask(DeploymentCommand.Change change) {
    decide(DeploymentRules.update(deployment(), change, (_, _) -> Optional.empty()));
  }

  void rollBack() {
    decide(DeploymentRules.rollBack(deployment()));
  }

  void delete() {
    decide(DeploymentRules.delete(deployment()));
  }

  private void decide(Decision decision) {
    if (decision instanceof Decision.Facts(var facts)) {
      store(facts);
    }
  }

  /** Looks, decides and stores until there is nothing to store; gives what is left to do. */
  List<Action> settle() {
    for (int round = 0; round < 1_000; round++) {
      look();
      if (find().isEmpty()) {
        return List.of();
      }
      List<Action> actions = Rollout.decide(deployment(), Map.copyOf(seen), now, SETTINGS);
      decided.add(actions);
      List<Fact> facts =
          DeploymentRules.facts(deployment(), actions, now, SETTINGS, random::nextDouble);
      if (facts.isEmpty()) {
        return actions;
      }
      store(facts);
    }
    throw new AssertionError("it never comes to an end: " + deployment());
  }

  private void look() {
    seen.keySet().retainAll(vms.keySet());
    vms.forEach((number, vm) -> {
      Observed before = seen.get(number);
      seen.put(
          number,
          before == null ? Observed.first(vm.sighting(), now) : before.next(vm.sighting(), now));
    });
  }

  private void store(List<Fact> facts) {
    for (Fact fact : facts) {
      sequence++;
      Stamp stamp = new Stamp("deployment/web#" + sequence, "web", now, "tester", "test");
      DeploymentEvent event = fact.stamped(stamp);
      watch.accept(event);
      stored.add(event);
      state = state.on(event);
    }
  }

  /** The host does one of the things that are outstanding, if there is one. */
  void hostActs(List<Action> actions) {
    List<Runnable> possible = new ArrayList<>();
    if (find().isPresent()) {
      for (Slot slot : deployment().slots().values()) {
        switch (slot.stage()) {
          case Slot.Stage.Making(var cause) -> possible.add(() -> make(slot, cause));
          case Slot.Stage.Leaving(var vmId, _) -> {
            if (idAt(slot.number()) != null && vmId.equals(idAt(slot.number()))) {
              possible.add(() -> vms.remove(slot.number()));
            }
          }
          case Slot.Stage.Empty _, Slot.Stage.There _, Slot.Stage.Broken _ -> {}
        }
      }
    }
    for (Action action : actions) {
      if (action instanceof Action.Start(int number)) {
        possible.add(() -> at(number).condition = Condition.COMING);
      }
    }
    if (!possible.isEmpty()) {
      possible.get(random.nextInt(possible.size())).run();
    }
  }

  private void make(Slot slot, String cause) {
    int number = slot.number();
    Deployment deployment = deployment();
    if (vms.containsKey(number)) {
      if (vms.get(number).maker.cause().equals(cause)) {
        return;
      }
      notMade(number, cause, "the name is taken");
    } else if (!deployment.isWanted(number)) {
      notMade(number, cause, "it is wanted no more");
    } else {
      Revision revision = Objects.requireNonNull(deployment.revisions().get(slot.revision()));
      boolean good = !revision.config().plugin().contains("bad");
      vmSequence++;
      vms.put(number, new FakeVm(new VmId(vmSequence), deployment.asker(cause), good));
    }
  }

  /** A VM of somebody else takes a name. */
  void stranger(int number) {
    vmSequence++;
    vms.putIfAbsent(number, new FakeVm(new VmId(vmSequence), new Asker("ada", "request"), true));
  }

  void notMade(int number, String cause, String reason) {
    store(
        DeploymentRules.notMade(
            deployment(),
            new DeploymentCommand.NotMade(number, cause, reason),
            now,
            SETTINGS,
            random::nextDouble));
  }

  /** A VM goes one step further by itself, for better or worse. */
  void vmActs(FakeVm vm, boolean worldBehaves) {
    vm.condition =
        switch (vm.condition) {
          case COMING -> vm.good ? Condition.READY : badEnd(worldBehaves);
          case UP -> vm.good ? Condition.READY : badEnd(worldBehaves);
          case GOING -> random.nextBoolean() ? Condition.STOPPED : Condition.CRASHED;
          case READY, STOPPED, CRASHED, LEAVING -> vm.condition;
        };
  }

  private Condition badEnd(boolean worldBehaves) {
    return worldBehaves || random.nextBoolean() ? Condition.UP : Condition.CRASHED;
  }

  FakeVm at(int number) {
    return Objects.requireNonNull(vms.get(number));
  }

  private @Nullable VmId idAt(int number) {
    FakeVm vm = vms.get(number);
    return vm == null ? null : vm.id;
  }
}
