package io.volant.deployment;

import io.volant.deployment.Progress.Phase;
import io.volant.deployment.Slot.Stage;
import io.volant.deployment.Slot.Trouble;
import io.volant.model.Asker;
import io.volant.model.Stamp;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.pcollections.TreePMap;

/**
 * A deployment: the fold of its events.
 *
 * @param identity what never changes
 * @param wish what it shall be
 * @param revisions its configs, by number
 * @param slots the places of its replicas, by number; a place nobody has begun with is not in it
 * @param progress how far the wish's revision has come
 * @param updatedAt time of the latest event
 */
public record Deployment(
    Identity identity,
    Wish wish,
    TreePMap<Integer, Revision> revisions,
    TreePMap<Integer, Slot> slots,
    Progress progress,
    Instant updatedAt)
    implements DeploymentState {

  /** The principal of what a deployment does is this and its name. */
  private static final String BY = "deployment/";

  /** More configs are not kept; those that are in use always are. */
  private static final int REVISIONS_MAX = 50;

  /**
   * What never changes.
   *
   * @param request what it was created because of
   */
  public record Identity(String name, Instant createdAt, String request) {}

  /**
   * What it shall be.
   *
   * @param replicas how many
   * @param maxUnavailable how many of them an update may take away at once, 1 or more
   * @param revision of which config
   * @param deleting whether it shall go instead
   * @param cause the event that wished so
   * @param request what that was because of
   */
  public record Wish(
      int replicas,
      int maxUnavailable,
      int revision,
      boolean deleting,
      String cause,
      String request) {

    private Wish because(Stamp stamp) {
      return new Wish(replicas, maxUnavailable, revision, deleting, stamp.id(), stamp.cause());
    }

    private Wish ofRevision(int other) {
      return new Wish(replicas, maxUnavailable, other, deleting, cause, request);
    }

    private Wish scaled(int count, int away) {
      return new Wish(count, away, revision, deleting, cause, request);
    }

    private Wish toBeDeleted() {
      return new Wish(replicas, maxUnavailable, revision, true, cause, request);
    }
  }

  static Deployment created(DeploymentEvent.Created event) {
    Stamp stamp = event.stamp();
    Revision first = new Revision(1, event.config(), stamp.at(), stamp.by());
    return new Deployment(
        new Identity(stamp.name(), stamp.at(), stamp.cause()),
        new Wish(event.replicas(), event.maxUnavailable(), 1, false, stamp.id(), stamp.cause()),
        TreePMap.singleton(1, first),
        TreePMap.empty(),
        new Progress(Phase.PROGRESSING, "", 0, stamp.at()),
        stamp.at());
  }

  public String name() {
    return identity.name();
  }

  /** The config that every replica shall have. */
  public Revision target() {
    return Objects.requireNonNull(revisions.get(wish.revision()));
  }

  /** Whether VMs of this plugin are wanted, or may be wanted again by a rollback. */
  public boolean uses(String plugin) {
    return revisionsInUse().stream()
        .anyMatch(number -> {
          Revision revision = revisions.get(number);
          return revision != null && revision.config().plugin().equals(plugin);
        });
  }

  private Set<Integer> revisionsInUse() {
    Set<Integer> used = new TreeSet<>(List.of(wish.revision(), progress.stable()));
    slots.values().forEach(slot -> used.add(slot.revision()));
    return used;
  }

  /** Whose doing it is what this deployment does because of an event. */
  Asker asker(String cause) {
    return new Asker(BY + name(), cause);
  }

  /** The name of the VM at a place. */
  public String replicaName(int number) {
    return name() + "-" + number;
  }

  /** Whether an earlier run of the very same request made it. */
  boolean isMadeBy(Asker asker) {
    return asker.isOnce() && asker.cause().equals(identity.request());
  }

  /** Whether an earlier run of the very same request made it wish what it wishes. */
  boolean isChangedBy(Asker asker) {
    return asker.isOnce() && asker.cause().equals(wish.request());
  }

  /** Whether a change that this asker wants was made already, or comes too late. */
  public boolean isDone(Asker asker) {
    return wish.deleting() || isChangedBy(asker);
  }

  /** Whether a place is one of those that shall be filled. */
  boolean isWanted(int number) {
    return !wish.deleting() && number <= wish.replicas();
  }

  /** The revision that a rollback leads to; null: there is none. */
  @Nullable Integer previousRevision() {
    Integer before = revisions.lowerKey(wish.revision());
    int stable = progress.stable();
    // one that all replicas had and were healthy with is worth more than one that never worked
    return stable > 0 && stable < wish.revision() && revisions.containsKey(stable)
        ? Integer.valueOf(stable)
        : before;
  }

  @Override
  public DeploymentState on(DeploymentEvent event) {
    Stamp stamp = event.stamp();
    return switch (event) {
      case DeploymentEvent.Created _ ->
          throw new IllegalStateException(event.type() + " of " + name() + ", which exists");
      case DeploymentEvent.Scaled e -> scaled(e);
      case DeploymentEvent.ConfigChanged e ->
          aimed(e.revision(), stamp)
              .with(new Revision(e.revision(), e.config(), stamp.at(), stamp.by()));
      case DeploymentEvent.RolledBack e -> aimed(e.revision(), stamp);
      case DeploymentEvent.RolloutRetried e -> aimed(e.revision(), stamp);
      case DeploymentEvent.RolloutFailed e -> with(phase(Phase.FAILED, e.reason()), stamp.at());
      case DeploymentEvent.RolloutFinished e ->
          with(new Progress(Phase.COMPLETE, "", e.revision(), progress.startedAt()), stamp.at());
      case DeploymentEvent.ReplicaWanted e -> wanted(e);
      case DeploymentEvent.ReplicaMade e ->
          with(slot(e.number()).at(new Stage.There(e.vmId(), stamp.at())), stamp.at());
      case DeploymentEvent.ReplicaFailed e -> failed(e);
      case DeploymentEvent.ReplicaSteady e ->
          with(slot(e.number()).with(Trouble.none()), stamp.at());
      case DeploymentEvent.ReplicaUnwanted e ->
          with(slot(e.number()).at(new Stage.Leaving(e.vmId(), stamp.id())), stamp.at());
      case DeploymentEvent.ReplicaGone e -> emptied(slot(e.number()), stamp.at());
      case DeploymentEvent.DeleteRequested _ ->
          with(wish.toBeDeleted().because(stamp)).trimmed(stamp.at());
      case DeploymentEvent.Deleted _ -> new Absent();
    };
  }

  private Deployment scaled(DeploymentEvent.Scaled event) {
    Stamp stamp = event.stamp();
    Wish now = wish.scaled(event.replicas(), event.maxUnavailable()).because(stamp);
    return with(now).trimmed(stamp.at());
  }

  /** This deployment on its way to a revision; what failed before is tried at once. */
  private Deployment aimed(int revision, Stamp stamp) {
    TreePMap<Integer, Slot> fresh = slots;
    for (Slot slot : slots.values()) {
      fresh = fresh.plus(slot.number(), slot.with(Trouble.none()));
    }
    Wish now = wish.ofRevision(revision).because(stamp);
    Progress anew = new Progress(Phase.PROGRESSING, "", progress.stable(), stamp.at());
    return new Deployment(identity, now, revisions, fresh, anew, stamp.at());
  }

  private Deployment with(Revision added) {
    TreePMap<Integer, Revision> kept = revisions.plus(added.number(), added);
    Set<Integer> used = revisionsInUse();
    for (Integer number : revisions.keySet()) { // the oldest first
      if (kept.size() > REVISIONS_MAX && !used.contains(number)) {
        kept = kept.minus(number);
      }
    }
    return new Deployment(identity, wish, kept, slots, progress, updatedAt);
  }

  private Deployment wanted(DeploymentEvent.ReplicaWanted event) {
    Stamp stamp = event.stamp();
    Slot was = slots.get(event.number());
    Trouble trouble =
        was == null || was.revision() != event.revision() ? Trouble.none() : was.trouble();
    Slot now = new Slot(event.number(), event.revision(), new Stage.Making(stamp.id()), trouble);
    return with(now, stamp.at());
  }

  private Deployment failed(DeploymentEvent.ReplicaFailed event) {
    Instant at = event.stamp().at();
    Slot was = slots.get(event.number());
    Trouble trouble = new Trouble(event.failures(), event.retryAt(), event.reason());
    if (was == null) { // its name was taken before anything was begun
      return with(new Slot(event.number(), wish.revision(), new Stage.Empty(), trouble), at);
    }
    Slot slot = was.with(trouble);
    return switch (was.stage()) {
      case Stage.There(var vmId, _) -> with(slot.at(new Stage.Broken(vmId)), at);
      case Stage.Empty _, Stage.Making _ -> emptied(slot, at);
      case Stage.Broken _, Stage.Leaving _ ->
          throw new IllegalStateException(event.type() + " while " + was.stage());
    };
  }

  private Deployment emptied(Slot slot, Instant at) {
    return with(slot.at(new Stage.Empty()), at).trimmed(at);
  }

  /** Without the empty places that nobody wants filled. */
  private Deployment trimmed(Instant at) {
    TreePMap<Integer, Slot> kept = slots;
    for (Slot slot : slots.values()) {
      if (slot.stage() instanceof Stage.Empty && !isWanted(slot.number())) {
        kept = kept.minus(slot.number());
      }
    }
    return new Deployment(identity, wish, revisions, kept, progress, at);
  }

  private Slot slot(int number) {
    Slot slot = slots.get(number);
    if (slot == null) {
      throw new IllegalStateException("deployment " + name() + " has no replica " + number);
    }
    return slot;
  }

  private Progress phase(Phase phase, String reason) {
    return new Progress(phase, reason, progress.stable(), progress.startedAt());
  }

  private Deployment with(Wish newWish) {
    return new Deployment(identity, newWish, revisions, slots, progress, updatedAt);
  }

  private Deployment with(Progress now, Instant at) {
    return new Deployment(identity, wish, revisions, slots, now, at);
  }

  private Deployment with(Slot slot, Instant at) {
    return new Deployment(identity, wish, revisions, slots.plus(slot.number(), slot), progress, at);
  }
}
