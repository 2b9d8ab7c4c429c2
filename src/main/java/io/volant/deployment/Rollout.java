package io.volant.deployment;

import io.volant.deployment.DeploymentEvent.Why;
import io.volant.deployment.Progress.Phase;
import io.volant.deployment.Sighting.Condition;
import io.volant.deployment.Slot.Stage;
import io.volant.deployment.Slot.Trouble;
import io.volant.model.VmId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Decides what a deployment does next. Pure: the same state, sights and time give the same actions,
 * and where nothing has to be done there are none but {@link Action.Wait}.
 *
 * <p>What was seen is noted first, alone: everything else is decided in its light. Places are
 * filled in ascending order. An update replaces in place, one VM deleted before its successor is
 * made: first those that do not work anyway, then the highest. It never takes a working VM away
 * while as many as allowed are missing or new.
 */
final class Rollout {

  private final Deployment deployment;
  private final Map<Integer, Observed> seen;
  private final Instant now;
  private final DeploymentSettings settings;
  private final List<Action> actions = new ArrayList<>();
  private @Nullable Instant wakeAt;

  private Rollout(
      Deployment deployment,
      Map<Integer, Observed> seen,
      Instant now,
      DeploymentSettings settings) {
    this.deployment = deployment;
    this.seen = seen;
    this.now = now;
    this.settings = settings;
  }

  /**
   * What comes next.
   *
   * @param seen the VMs that have the replicas' names now, by number
   */
  static List<Action> decide(
      Deployment deployment,
      Map<Integer, Observed> seen,
      Instant now,
      DeploymentSettings settings) {
    Rollout rollout = new Rollout(deployment, seen, now, settings);
    rollout.note();
    if (rollout.actions.isEmpty()) {
      if (deployment.wish().deleting()) {
        rollout.dismantle();
      } else {
        rollout.proceed();
      }
    }
    if (rollout.wakeAt != null) {
      rollout.actions.add(new Action.Wait(rollout.wakeAt));
    }
    return List.copyOf(rollout.actions);
  }

  // --- what was seen ---

  private void note() {
    deployment.slots().values().forEach(this::note);
  }

  private void note(Slot slot) {
    int number = slot.number();
    Observed observed = seen.get(number);
    switch (slot.stage()) {
      case Stage.Empty _ -> {}
      case Stage.Making(var cause) -> {
        if (observed != null && observed.sighting().maker().equals(deployment.asker(cause))) {
          actions.add(new Action.NoteMade(number, observed.sighting().vmId()));
        }
      }
      case Stage.There(var vmId, _) -> noteThere(slot, vmId, observed);
      case Stage.Broken(var vmId) -> {
        if (isAway(vmId, observed)) {
          actions.add(new Action.NoteGone(number));
        } else if (observed != null && observed.sighting().isRising()) { // somebody started it
          actions.add(new Action.NoteMade(number, vmId));
        }
      }
      case Stage.Leaving(var vmId, _) -> {
        if (isAway(vmId, observed)) {
          actions.add(new Action.NoteGone(number));
        }
      }
    }
  }

  private void noteThere(Slot slot, VmId vmId, @Nullable Observed observed) {
    int number = slot.number();
    if (observed == null || isAway(vmId, observed)) {
      actions.add(new Action.NoteGone(number));
    } else if (observed.sighting().condition() == Condition.CRASHED) {
      actions.add(new Action.NoteFailed(number, observed.sighting().detail()));
    } else if (observed.sighting().isReady() && slot.trouble().failures() > 0) {
      Instant steadyAt = observed.since().plusMillis(settings.steadyMs());
      if (isDue(steadyAt)) {
        actions.add(new Action.NoteSteady(number));
      }
    }
  }

  private static boolean isAway(VmId vmId, @Nullable Observed observed) {
    return observed == null || !observed.sighting().vmId().equals(vmId);
  }

  // --- the end ---

  private void dismantle() {
    deleteAbove(0, Why.DELETED);
    if (deployment.slots().isEmpty()) {
      actions.add(new Action.DeclareDeleted());
    }
  }

  /** Deletes the VMs with a higher number, the highest first. */
  private void deleteAbove(int number, Why why) {
    for (Slot slot : deployment.slots().descendingMap().values()) {
      if (slot.number() > number && slot.isHeld()) {
        actions.add(new Action.Delete(slot.number(), why));
      }
    }
  }

  // --- life ---

  private void proceed() {
    deleteAbove(deployment.wish().replicas(), Why.SCALED_DOWN);
    boolean progressing = deployment.progress().phase() == Phase.PROGRESSING;
    Optional<String> failure = progressing ? failure() : Optional.empty();
    if (failure.isPresent()) {
      actions.add(new Action.DeclareFailed(failure.get()));
      return; // from here on another state decides
    }
    if (isThrough()) {
      actions.add(new Action.DeclareComplete());
      return;
    }
    Set<Integer> replaced = progressing ? replace() : Set.of();
    fill();
    for (int number = 1; number <= deployment.wish().replicas(); number++) {
      Slot slot = deployment.slots().get(number);
      if (slot != null && !replaced.contains(number)) {
        tend(slot);
      }
    }
  }

  /** Why the rollout has failed, if it has. */
  private Optional<String> failure() {
    for (Slot slot : deployment.slots().values()) {
      if (!deployment.isWanted(slot.number()) || isOutdated(slot)) {
        continue;
      }
      String name = deployment.replicaName(slot.number()) + " of revision " + slot.revision();
      Trouble trouble = slot.trouble();
      if (trouble.failures() >= settings.failuresMax()) {
        return Optional.of(
            name + " failed " + trouble.failures() + " times in a row: " + trouble.reason());
      }
      if (slot.stage() instanceof Stage.There(_, var since)
          && !isReady(slot)
          && isDue(trialEnd(slot, since))) {
        return Optional.of(
            name + " was not healthy within " + settings.healthyTimeoutMs() + " ms" + detail(slot));
      }
    }
    return Optional.empty();
  }

  private String detail(Slot slot) {
    Observed observed = seen.get(slot.number());
    String detail = observed == null ? "" : observed.sighting().detail();
    return detail.isEmpty() ? "" : ": " + detail;
  }

  /** Until when a VM that is not ready may hope to become so. */
  private Instant trialEnd(Slot slot, Instant since) {
    Instant from = since;
    Observed observed = seen.get(slot.number());
    if (observed != null && observed.since().isAfter(from)) {
      from = observed.since();
    }
    Instant begun = deployment.progress().startedAt();
    return (begun.isAfter(from) ? begun : from).plusMillis(settings.healthyTimeoutMs());
  }

  /** Whether the rollout is not known to be through, and is. */
  private boolean isThrough() {
    int replicas = deployment.wish().replicas();
    return switch (deployment.progress().phase()) {
      case COMPLETE -> false;
      case PROGRESSING -> count(slot -> isReady(slot) && !isOutdated(slot)) == replicas;
      case FAILED -> replicas > 0 && count(slot -> isReady(slot) && !isOutdated(slot)) == replicas;
    };
  }

  /** Sends away VMs of other revisions, as many as may be missed. */
  private Set<Integer> replace() {
    int replicas = deployment.wish().replicas();
    int most = deployment.wish().maxUnavailable();
    int away = replicas - count(slot -> isReady(slot) || (isOutdated(slot) && slot.isHeld()));
    List<Slot> outdated = new ArrayList<>();
    for (Slot slot : deployment.slots().values()) {
      if (deployment.isWanted(slot.number()) && isOutdated(slot) && slot.isHeld()) {
        outdated.add(slot);
      }
    }
    ToIntFunction<Slot> working = slot -> isReady(slot) ? 1 : 0;
    outdated.sort(
        Comparator.comparingInt(working)
            .thenComparing(Comparator.comparingInt(Slot::number).reversed()));
    Set<Integer> replaced = new HashSet<>();
    // those that do not work come first, so when one that does is looked at, all that are missing
    // have been counted
    for (Slot slot : outdated) {
      if (away >= most) {
        break;
      }
      away++;
      replaced.add(slot.number());
      actions.add(new Action.Delete(slot.number(), Why.OUTDATED));
    }
    return replaced;
  }

  /** Fills empty places, the lowest first, as long as not too many VMs come up at once. */
  private void fill() {
    int coming = 0;
    for (Slot slot : deployment.slots().values()) {
      coming += isComing(slot) ? 1 : 0;
    }
    for (int number = 1; number <= deployment.wish().replicas(); number++) {
      Slot slot = deployment.slots().get(number);
      if (slot != null && !(slot.stage() instanceof Stage.Empty)) {
        continue;
      }
      Instant retryAt = slot == null ? null : slot.trouble().retryAt();
      Observed stranger = seen.get(number);
      if (stranger != null && stranger.sighting().condition() == Condition.LEAVING) {
        continue; // its name will be free, and that will be seen
      }
      if (retryAt != null && !isDue(retryAt)) {
        continue;
      }
      if (stranger != null) {
        actions.add(
            new Action.NoteFailed(
                number, "there is a VM of that name which does not belong to the deployment"));
      } else if (coming < settings.parallel()) {
        coming++;
        actions.add(new Action.Create(number, revisionFor(slot)));
      }
    }
  }

  private int revisionFor(@Nullable Slot slot) {
    Progress progress = deployment.progress();
    if (progress.phase() != Phase.FAILED) {
      return deployment.wish().revision();
    }
    if (slot != null && deployment.revisions().containsKey(slot.revision())) {
      return slot.revision();
    }
    return progress.stable() > 0 ? progress.stable() : deployment.wish().revision();
  }

  /** A VM is on its way up, and may be waited for. */
  private boolean isComing(Slot slot) {
    return switch (slot.stage()) {
      case Stage.Making _ -> true;
      case Stage.There(_, var since) -> {
        Observed observed = seen.get(slot.number());
        yield observed != null
            && !observed.sighting().isReady()
            && observed.sighting().isRising()
            && !isDue(trialEnd(slot, since));
      }
      case Stage.Empty _, Stage.Broken _, Stage.Leaving _ -> false;
    };
  }

  /** Starts what was stopped, replaces what crashed. */
  private void tend(Slot slot) {
    Observed observed = seen.get(slot.number());
    switch (slot.stage()) {
      case Stage.There _ -> {
        if (observed != null && observed.sighting().condition() == Condition.STOPPED) {
          actions.add(new Action.Start(slot.number()));
        }
      }
      case Stage.Broken _ -> {
        Instant retryAt = slot.trouble().retryAt();
        if (retryAt == null || isDue(retryAt)) {
          actions.add(new Action.Delete(slot.number(), Why.CRASHED));
        }
      }
      case Stage.Empty _, Stage.Making _, Stage.Leaving _ -> {}
    }
  }

  // --- how it stands ---

  private boolean isReady(Slot slot) {
    Observed observed = seen.get(slot.number());
    return slot.stage() instanceof Stage.There(var vmId, _)
        && observed != null
        && !isAway(vmId, observed)
        && observed.sighting().isReady();
  }

  private boolean isOutdated(Slot slot) {
    return slot.revision() != deployment.wish().revision();
  }

  private int count(java.util.function.Predicate<Slot> which) {
    int count = 0;
    for (Slot slot : deployment.slots().values()) {
      count += deployment.isWanted(slot.number()) && which.test(slot) ? 1 : 0;
    }
    return count;
  }

  /** Whether a time has come; if not, it is one at which to look again. */
  private boolean isDue(Instant time) {
    if (!time.isAfter(now)) {
      return true;
    }
    if (wakeAt == null || time.isBefore(wakeAt)) {
      wakeAt = time;
    }
    return false;
  }
}
