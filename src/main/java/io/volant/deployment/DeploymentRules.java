package io.volant.deployment;

import io.volant.deployment.DeploymentReply.Reason;
import io.volant.deployment.Progress.Phase;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.DoubleSupplier;

/** What a deployment answers to what it is asked, and the events of what it decided. Pure. */
final class DeploymentRules {

  private DeploymentRules() {}

  static Decision create(
      String name, DeploymentCommand.Create create, TemplateCheck check, int maxUnavailable) {
    Optional<DeploymentReply.Refused> problem = check.problemOf(name, create.config());
    if (problem.isPresent()) {
      return new Decision.Refusal(problem.get());
    }
    int most = Objects.requireNonNullElse(create.maxUnavailable(), maxUnavailable);
    return Decision.facts(
        s -> new DeploymentEvent.Created(s, create.replicas(), most, create.config()));
  }

  static Decision update(
      Deployment deployment, DeploymentCommand.Change change, TemplateCheck check) {
    if (deployment.wish().deleting()) {
      return beingDeleted(deployment);
    }
    List<Fact> facts = new ArrayList<>();
    Deployment.Wish wish = deployment.wish();
    int replicas = Objects.requireNonNullElse(change.replicas(), wish.replicas());
    int most = Objects.requireNonNullElse(change.maxUnavailable(), wish.maxUnavailable());
    if (replicas != wish.replicas() || most != wish.maxUnavailable()) {
      facts.add(s -> new DeploymentEvent.Scaled(s, replicas, most));
    }
    if (change.config() != null) {
      VmTemplate config = deployment.target().config().with(change.config());
      Optional<DeploymentReply.Refused> problem = check.problemOf(deployment.name(), config);
      if (problem.isPresent()) {
        return new Decision.Refusal(problem.get());
      }
      if (!config.equals(deployment.target().config())) {
        int next = deployment.revisions().lastKey() + 1;
        facts.add(s -> new DeploymentEvent.ConfigChanged(s, next, config));
      } else if (deployment.progress().phase() == Phase.FAILED) {
        facts.add(s -> new DeploymentEvent.RolloutRetried(s, wish.revision()));
      }
    }
    return new Decision.Facts(facts);
  }

  static Decision rollBack(Deployment deployment) {
    if (deployment.wish().deleting()) {
      return beingDeleted(deployment);
    }
    Integer revision = deployment.previousRevision();
    return revision == null
        ? Decision.refusal(
            Reason.NO_PREVIOUS_REVISION,
            "deployment \""
                + deployment.name()
                + "\" has no revision before "
                + deployment.wish().revision())
        : Decision.facts(s -> new DeploymentEvent.RolledBack(s, revision));
  }

  static Decision delete(Deployment deployment) {
    return deployment.wish().deleting()
        ? Decision.facts()
        : Decision.facts(DeploymentEvent.DeleteRequested::new);
  }

  private static Decision beingDeleted(Deployment deployment) {
    return Decision.refusal(
        Reason.BEING_DELETED, "deployment \"" + deployment.name() + "\" is being deleted");
  }

  /** The VM that an event wanted will not be. If it is wanted no more, that is no failure. */
  static List<Fact> notMade(
      Deployment deployment,
      DeploymentCommand.NotMade told,
      Instant now,
      DeploymentSettings settings,
      DoubleSupplier chance) {
    Slot slot = deployment.slots().get(told.number());
    boolean awaited =
        slot != null
            && slot.stage() instanceof Slot.Stage.Making(var cause)
            && cause.equals(told.cause());
    if (!awaited) {
      return List.of();
    }
    return deployment.isWanted(told.number())
        ? facts(
            deployment,
            List.of(new Action.NoteFailed(told.number(), told.reason())),
            now,
            settings,
            chance)
        : List.of(s -> new DeploymentEvent.ReplicaGone(s, told.number()));
  }

  /**
   * The events that actions mean; those that mean none are done without.
   *
   * @param chance 0 up to 1, another one each time
   */
  static List<Fact> facts(
      Deployment deployment,
      List<Action> actions,
      Instant now,
      DeploymentSettings settings,
      DoubleSupplier chance) {
    List<Fact> facts = new ArrayList<>();
    int revision = deployment.wish().revision();
    for (Action action : actions) {
      switch (action) {
        case Action.NoteMade(int number, var vmId) ->
            facts.add(s -> new DeploymentEvent.ReplicaMade(s, number, vmId));
        case Action.NoteGone(int number) ->
            facts.add(s -> new DeploymentEvent.ReplicaGone(s, number));
        case Action.NoteFailed(int number, var reason) -> {
          Slot slot = deployment.slots().get(number);
          int failures = slot == null ? 1 : slot.trouble().failures() + 1;
          Instant retryAt = now.plusMillis(settings.pauseMs(failures, chance.getAsDouble()));
          facts.add(s -> new DeploymentEvent.ReplicaFailed(s, number, failures, retryAt, reason));
        }
        case Action.NoteSteady(int number) ->
            facts.add(s -> new DeploymentEvent.ReplicaSteady(s, number));
        case Action.Create(int number, int which) ->
            facts.add(s -> new DeploymentEvent.ReplicaWanted(s, number, which));
        case Action.Delete(int number, var why) -> {
          var vmId = Objects.requireNonNull(deployment.slots().get(number)).vmId();
          facts.add(s ->
              new DeploymentEvent.ReplicaUnwanted(s, number, Objects.requireNonNull(vmId), why));
        }
        case Action.DeclareFailed(var reason) ->
            facts.add(s -> new DeploymentEvent.RolloutFailed(s, revision, reason));
        case Action.DeclareComplete _ ->
            facts.add(s -> new DeploymentEvent.RolloutFinished(s, revision));
        case Action.DeclareDeleted _ -> facts.add(DeploymentEvent.Deleted::new);
        case Action.Start _, Action.Wait _ -> {}
      }
    }
    return facts;
  }
}
