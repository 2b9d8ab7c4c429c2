package io.volant.deployment;

import io.volant.deployment.DeploymentMessage.Alarm;
import io.volant.journal.EventFeed;
import io.volant.model.Asker;
import io.volant.model.Stamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.DoubleSupplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.RecoveryCompleted;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.Effect;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.apache.pekko.persistence.typed.javadsl.SignalHandler;

/**
 * One deployment. Whatever it is told, it takes note, decides by {@link Rollout} what comes next,
 * stores that, and asks the host for it. It does nothing before the host has said which VMs there
 * are; after a restart it goes on from its events and from there.
 */
public final class DeploymentActor
    extends EventSourcedBehavior<DeploymentMessage, DeploymentEvent, DeploymentState> {

  private static final Duration STORE_RETRY_MIN = Duration.ofMillis(200);
  private static final Duration STORE_RETRY_MAX = Duration.ofSeconds(10);

  /** Longer than the host needs to answer; what comes later was lost, or takes its time. */
  private static final Duration REDO = Duration.ofSeconds(2);

  private static final int WAITING_MAX = 100;

  /**
   * Which deployment this is, and what it is given.
   *
   * @param directory where its present state is shown
   * @param host who makes, starts and deletes VMs for it
   * @param chance 0 up to 1, another one each time: pauses are a little longer by it
   */
  public record Place(
      String name,
      DeploymentDirectory directory,
      ActorRef<DeploymentNotice> host,
      TemplateCheck check,
      Clock clock,
      DoubleSupplier chance) {}

  private final ActorContext<DeploymentMessage> context;
  private final TimerScheduler<DeploymentMessage> timers;
  private final Place place;
  private final DeploymentSettings settings;
  private final Requests requests;
  private final Map<Integer, Observed> seen = new HashMap<>();
  private final List<ActorRef<DeploymentReply>> deleters = new ArrayList<>();
  private boolean begun;

  /** The behaviour of the deployment at {@code place}. */
  public static Behavior<DeploymentCommand> create(Place place, DeploymentSettings settings) {
    return Behaviors.<DeploymentMessage>setup(context ->
            Behaviors.withTimers(timers -> new DeploymentActor(context, timers, place, settings)))
        .narrow();
  }

  private DeploymentActor(
      ActorContext<DeploymentMessage> context,
      TimerScheduler<DeploymentMessage> timers,
      Place place,
      DeploymentSettings settings) {
    super(
        PersistenceId.of("deployment", place.name()),
        SupervisorStrategy.restartWithBackoff(STORE_RETRY_MIN, STORE_RETRY_MAX, 0.1));
    this.context = context;
    this.timers = timers;
    this.place = place;
    this.settings = settings;
    this.requests = new Requests(place.host());
  }

  @Override
  public DeploymentState emptyState() {
    return new DeploymentState.Absent();
  }

  @Override
  public EventHandler<DeploymentState, DeploymentEvent> eventHandler() {
    return DeploymentState::on;
  }

  @Override
  public Set<String> tagsFor(DeploymentEvent event) {
    return Set.of(EventFeed.TAG);
  }

  @Override
  public SignalHandler<DeploymentState> signalHandler() {
    return newSignalHandlerBuilder()
        .onSignal(RecoveryCompleted.instance(), this::onRecovered)
        .build();
  }

  @Override
  public CommandHandler<DeploymentMessage, DeploymentEvent, DeploymentState> commandHandler() {
    return (state, message) ->
        switch (message) {
          case DeploymentCommand.Asked asked ->
              switch (state) {
                case DeploymentState.Absent _ -> whileAbsent(asked);
                case Deployment deployment -> onAsked(deployment, asked);
              };
          case DeploymentCommand.Begin(var sightings) -> onBegin(state, sightings);
          case DeploymentCommand.Seen(int number, var sighting) -> {
            look(number, sighting);
            yield goOn(state);
          }
          case DeploymentCommand.Vanished(int number, var vmId) -> {
            Observed observed = seen.get(number);
            if (observed != null && observed.sighting().vmId().equals(vmId)) {
              seen.remove(number);
            }
            yield goOn(state);
          }
          case DeploymentCommand.NotMade told -> onNotMade(state, told);
          case Alarm alarm -> {
            if (alarm == Alarm.REDO) {
              requests.forget();
            }
            yield goOn(state);
          }
        };
  }

  private void onRecovered(DeploymentState state) {
    show(state);
    // what is seen may be out of date: it is told anew, and nothing is done before
    begun = false;
    place.host().tell(new DeploymentNotice.Recovered(place.name()));
  }

  // --- what somebody wants ---

  private Effect<DeploymentEvent, DeploymentState> whileAbsent(DeploymentCommand.Asked asked) {
    return switch (asked) {
      case DeploymentCommand.Create create ->
          answer(
              DeploymentRules.create(
                  place.name(), create, place.check(), settings.maxUnavailable()),
              create);
      case DeploymentCommand.Update _, DeploymentCommand.RollBack _, DeploymentCommand.Delete _ ->
          refuse(
              asked,
              DeploymentReply.Refused.of(
                  DeploymentReply.Reason.NOT_FOUND,
                  "there is no deployment \"" + place.name() + "\""));
    };
  }

  private Effect<DeploymentEvent, DeploymentState> onAsked(
      Deployment deployment, DeploymentCommand.Asked asked) {
    return switch (asked) {
      case DeploymentCommand.Create create ->
          deployment.isMadeBy(create.asker())
              ? answer(Decision.facts(), create)
              : refuse(
                  create,
                  DeploymentReply.Refused.of(
                      DeploymentReply.Reason.NAME_TAKEN,
                      "\"" + place.name() + "\" is taken by another deployment"));
      case DeploymentCommand.Update update ->
          answer(
              deployment.isChangedBy(update.asker())
                  ? Decision.facts()
                  : DeploymentRules.update(deployment, update.change(), place.check()),
              update);
      case DeploymentCommand.RollBack rollBack ->
          answer(
              deployment.isChangedBy(rollBack.asker())
                  ? Decision.facts()
                  : DeploymentRules.rollBack(deployment),
              rollBack);
      case DeploymentCommand.Delete delete -> {
        addDeleter(delete.replyTo());
        yield store(DeploymentRules.delete(deployment), delete.asker());
      }
    };
  }

  private void addDeleter(ActorRef<DeploymentReply> replyTo) {
    if (deleters.size() >= WAITING_MAX) {
      deleters
          .removeFirst()
          .tell(
              DeploymentReply.Refused.of(
                  DeploymentReply.Reason.TOO_MANY_WAITING,
                  "too many wait for the end of deployment \"" + place.name() + "\""));
    }
    deleters.add(replyTo);
  }

  private Effect<DeploymentEvent, DeploymentState> refuse(
      DeploymentCommand.Asked asked, DeploymentReply.Refused refused) {
    asked.replyTo().tell(refused);
    return Effect().none();
  }

  private Effect<DeploymentEvent, DeploymentState> answer(
      Decision decision, DeploymentCommand.Asked asked) {
    return switch (decision) {
      case Decision.Refusal(var refused) -> refuse(asked, refused);
      case Decision.Facts(var facts) ->
          Effect()
              .persist(stamped(facts, asked.asker()))
              .thenRun(state -> {
                carryOn(state);
                if (state instanceof Deployment deployment) {
                  asked.replyTo().tell(new DeploymentReply.Accepted(deployment));
                }
              });
    };
  }

  private Effect<DeploymentEvent, DeploymentState> store(Decision decision, Asker asker) {
    List<DeploymentEvent> events =
        decision instanceof Decision.Facts(var facts) ? stamped(facts, asker) : List.of();
    return Effect().persist(events).thenRun(this::carryOn);
  }

  // --- what the host says ---

  private Effect<DeploymentEvent, DeploymentState> onBegin(
      DeploymentState state, Map<Integer, Sighting> sightings) {
    seen.keySet().retainAll(sightings.keySet());
    sightings.forEach(this::look);
    requests.forget();
    begun = true;
    return goOn(state);
  }

  private void look(int number, Sighting sighting) {
    Instant now = place.clock().instant();
    if (sighting.condition() != Sighting.Condition.STOPPED) {
      requests.isUp(sighting.vmId());
    }
    Observed before = seen.get(number);
    seen.put(number, before == null ? Observed.first(sighting, now) : before.next(sighting, now));
  }

  private Effect<DeploymentEvent, DeploymentState> onNotMade(
      DeploymentState state, DeploymentCommand.NotMade told) {
    if (!(state instanceof Deployment deployment)) {
      return Effect().none();
    }
    Instant now = place.clock().instant();
    List<Fact> facts = DeploymentRules.notMade(deployment, told, now, settings, place.chance());
    return Effect().persist(stamped(facts, because(deployment))).thenRun(this::carryOn);
  }

  // --- what comes next ---

  private Effect<DeploymentEvent, DeploymentState> goOn(DeploymentState state) {
    if (!begun || !(state instanceof Deployment deployment)) {
      return Effect().none();
    }
    Instant now = place.clock().instant();
    List<Action> actions = Rollout.decide(deployment, seen, now, settings);
    List<Fact> facts = DeploymentRules.facts(deployment, actions, now, settings, place.chance());
    if (!facts.isEmpty()) {
      return Effect().persist(stamped(facts, because(deployment))).thenRun(this::carryOn);
    }
    requests.forAll(deployment);
    timers.cancel(Alarm.DUE);
    for (Action action : actions) {
      if (action instanceof Action.Start(int number)) {
        Slot slot = Objects.requireNonNull(deployment.slots().get(number));
        requests.start(deployment, Objects.requireNonNull(slot.vmId()));
      } else if (action instanceof Action.Wait(var until)) {
        // a little late rather than a little early, which would be for nothing
        Duration pause = Duration.between(now, until).plusMillis(1);
        timers.startSingleTimer(Alarm.DUE, Alarm.DUE, pause);
      }
    }
    if (requests.isWaiting() && !timers.isTimerActive(Alarm.REDO)) {
      timers.startSingleTimer(Alarm.REDO, Alarm.REDO, REDO);
    }
    return Effect().none();
  }

  /** After every event: show the state, answer who waits, and see what is next. */
  private void carryOn(DeploymentState state) {
    show(state);
    if (state instanceof DeploymentState.Absent) {
      deleters.forEach(replyTo -> replyTo.tell(new DeploymentReply.Deleted(place.name())));
      deleters.clear();
      timers.cancelAll();
    } else {
      context.getSelf().tell(Alarm.DUE);
    }
  }

  private void show(DeploymentState state) {
    if (state instanceof Deployment deployment) {
      place.directory().put(deployment);
    } else {
      place.directory().remove(place.name());
    }
  }

  /** What a deployment does by itself, it does because of what it was asked to be. */
  private static Asker because(Deployment deployment) {
    return deployment.asker(deployment.wish().cause());
  }

  private List<DeploymentEvent> stamped(List<Fact> facts, Asker asker) {
    Instant at = place.clock().instant();
    long sequence = lastSequenceNumber(context);
    List<DeploymentEvent> events = new ArrayList<>(facts.size());
    for (Fact fact : facts) {
      sequence++;
      String id = "deployment/" + place.name() + "#" + sequence;
      events.add(fact.stamped(new Stamp(id, place.name(), at, asker.by(), asker.cause())));
    }
    return events;
  }
}
