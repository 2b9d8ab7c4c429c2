package io.volant.vm;

import io.volant.journal.EventFeed;
import io.volant.model.Asker;
import io.volant.model.Stamp;
import io.volant.model.VmId;
import io.volant.vm.VmResult.Alarm;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
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
import org.jspecify.annotations.Nullable;

/**
 * One VM. It decides by {@link VmRules}, stores what it decided, then does what is outstanding
 * ({@link VmWork}); the results come back as messages. After a restart it reads its events and goes
 * on from there.
 */
public final class VmActor extends EventSourcedBehavior<VmMessage, VmEvent, VmState> {

  /** Tag of every stored event: the one feed reads them all, in order. */
  private static final Set<String> TAGS = Set.of(EventFeed.TAG);

  private static final Duration STORE_RETRY_MIN = Duration.ofMillis(200);
  private static final Duration STORE_RETRY_MAX = Duration.ofSeconds(10);

  /**
   * Which VM this is, and where it reports.
   *
   * @param directory where its present state is shown
   * @param host who hears its notices
   * @param chance numbers from 0 to 1 that nobody can foretell
   */
  public record Place(
      VmId id,
      String name,
      VmDirectory directory,
      ActorRef<VmNotice> host,
      Clock clock,
      DoubleSupplier chance) {}

  private final ActorContext<VmMessage> context;
  private final Place place;
  private final VmWork work;
  private final VmWaiters waiters = new VmWaiters();
  private final GuestEar ear;
  private boolean unsureTold;
  private @Nullable Phase told;

  /** The behaviour of the VM at {@code place}. */
  public static Behavior<VmCommand> create(Place place, VmPorts ports, VmSettings settings) {
    return Behaviors.<VmMessage>setup(context ->
            Behaviors.withTimers(timers -> new VmActor(context, timers, place, ports, settings)))
        .narrow();
  }

  /** The key of this VM's events in the journal. */
  public static PersistenceId persistenceId(VmId id) {
    return PersistenceId.of("vm", id.toString());
  }

  private VmActor(
      ActorContext<VmMessage> context,
      TimerScheduler<VmMessage> timers,
      Place place,
      VmPorts ports,
      VmSettings settings) {
    super(
        persistenceId(place.id()),
        SupervisorStrategy.restartWithBackoff(STORE_RETRY_MIN, STORE_RETRY_MAX, 0.1));
    this.context = context;
    this.place = place;
    this.work = new VmWork(new VmWork.Tools(ports, settings, place, context, timers));
    this.ear = new GuestEar(work, place.clock());
  }

  @Override
  public VmState emptyState() {
    return new VmState.Absent();
  }

  @Override
  public EventHandler<VmState, VmEvent> eventHandler() {
    return VmState::on;
  }

  @Override
  public Set<String> tagsFor(VmEvent event) {
    return TAGS;
  }

  @Override
  public SignalHandler<VmState> signalHandler() {
    return newSignalHandlerBuilder()
        .onSignal(RecoveryCompleted.instance(), this::onRecovered)
        .build();
  }

  @Override
  public CommandHandler<VmMessage, VmEvent, VmState> commandHandler() {
    return (state, message) ->
        switch (state) {
          case VmState.Absent _ -> whileAbsent(message);
          case Vm vm ->
              switch (message) {
                case VmCommand command -> onCommand(vm, command);
                case VmResult result -> onResult(vm, result);
              };
        };
  }

  private void onRecovered(VmState state) {
    if (state instanceof Vm vm) {
      show(vm); // before anybody is told that all has been read
    }
    place.host().tell(new VmNotice.Recovered(place.id(), state instanceof Vm));
    if (state instanceof Vm vm) {
      work.recovered(vm);
      ear.recovered(vm);
      carryOn(vm);
    }
  }

  private Effect<VmEvent, VmState> whileAbsent(VmMessage message) {
    return switch (message) {
      case VmCommand.Create create ->
          answer(
              VmRules.create(place.id(), create.config(), create.lease()),
              create.asker(),
              create.replyTo());
      case VmCommand.Order order -> absent(order.replyTo());
      case VmCommand.Delete(_, var replyTo) -> absent(replyTo);
      case VmCommand.Describe(var replyTo) -> absent(replyTo);
      case VmCommand.Await(_, var replyTo) -> absent(replyTo);
      case VmCommand.AddressGranted _,
          VmCommand.AddressDenied _,
          VmCommand.AddressReturned _,
          VmResult _ ->
          Effect().none();
    };
  }

  private Effect<VmEvent, VmState> absent(ActorRef<VmReply> replyTo) {
    replyTo.tell(
        new VmReply.Refused(
            VmReply.Reason.NOT_FOUND, "there is no VM with the name " + place.name()));
    return Effect().none();
  }

  private Effect<VmEvent, VmState> onCommand(Vm vm, VmCommand command) {
    return switch (command) {
      case VmCommand.Create(_, _, _, var replyTo) ->
          answer(
              Decision.refusal(VmReply.Reason.ALREADY_EXISTS, vm, "exists"), because(vm), replyTo);
      case VmCommand.Order order ->
          answer(VmRules.order(vm, order), order.asker(), order.replyTo());
      case VmCommand.Delete(var asker, var replyTo) -> onDelete(vm, asker, replyTo);
      case VmCommand.Describe(var replyTo) -> {
        replyTo.tell(new VmReply.Accepted(vm));
        yield Effect().none();
      }
      case VmCommand.Await(var goal, var replyTo) -> {
        waiters.add(goal, replyTo, vm);
        yield Effect().none();
      }
      case VmCommand.AddressGranted(int attempt, var lease) ->
          isAsking(vm, attempt) && work.addressLands()
              ? store(
                  Decision.facts(s -> new VmEvent.AddressLeased(s, attempt, lease)), because(vm))
              : Effect().none();
      case VmCommand.AddressDenied(int attempt, var reason) ->
          isAsking(vm, attempt) && work.addressLands()
              ? store(
                  Decision.facts(
                      s -> new VmEvent.StartFailed(s, attempt, StartStep.ADDRESS, reason)),
                  because(vm))
              : Effect().none();
      case VmCommand.AddressReturned _ ->
          work.addressLands() ? store(VmRules.addressReturned(vm), because(vm)) : Effect().none();
    };
  }

  private Effect<VmEvent, VmState> onDelete(Vm vm, Asker asker, ActorRef<VmReply> replyTo) {
    waiters.addDeleter(replyTo);
    return store(VmRules.delete(vm), asker);
  }

  private Effect<VmEvent, VmState> onResult(Vm vm, VmResult result) {
    return switch (result) {
      case VmResult.HypervisorLaunched launched -> {
        work.launched();
        var _ = work.lands(vm, launched); // a process that there is counts, whoever waits for it
        yield store(VmRules.stepDone(vm, launched), because(vm));
      }
      case VmResult.StepDone done ->
          work.lands(vm, done) ? store(VmRules.stepDone(vm, done), because(vm)) : Effect().none();
      case VmResult.StepFailed failed ->
          work.lands(vm, failed)
              ? store(VmRules.stepFailed(vm, failed), because(vm))
              : Effect().none();
      case VmResult.HypervisorExited exited -> onExited(vm, exited);
      case VmResult.KillFailed failed -> {
        String reason = failed.reason();
        context.getLog().warn("vm {} ({}): cannot end its process: {}", vm.name(), vm.id(), reason);
        if (work.lands(vm, failed)) {
          work.retryLater(vm);
        }
        yield Effect().none();
      }
      case VmResult.AdoptionTold told -> onAdoption(vm, told);
      case VmResult.GuestSaid said -> hear(vm, ear.hear(vm, said));
      case VmResult.ReleaseTold told -> onReleased(vm, told);
      case Alarm alarm -> alarm.attempt() == vm.attempt() ? onAlarm(vm, alarm) : Effect().none();
    };
  }

  private Effect<VmEvent, VmState> onExited(Vm vm, VmResult.HypervisorExited exited) {
    Decision decision = VmRules.exited(vm, exited);
    if (!decision.equals(Decision.nothing())) {
      work.unwatch(vm);
      ear.close();
    }
    return store(decision, because(vm));
  }

  private Effect<VmEvent, VmState> onAdoption(Vm vm, VmResult.AdoptionTold answer) {
    if (!work.lands(vm, answer) || vm.handle() == null) {
      return Effect().none();
    }
    return switch (answer.adoption()) {
      case Adoption.Alive _ -> {
        work.mended();
        work.watch(vm);
        yield store(Decision.facts(s -> new VmEvent.Adopted(s, vm.attempt())), because(vm));
      }
      case Adoption.Gone(var exit) ->
          store(Decision.facts(s -> new VmEvent.Exited(s, vm.attempt(), exit)), because(vm));
      case Adoption.Unsure(var reason) -> {
        work.retryLater(vm);
        boolean known = vm.phase() instanceof Phase.Running running && !running.certain();
        boolean told = known || unsureTold; // said once, not at every retry
        unsureTold = true;
        yield told
            ? Effect().none()
            : store(
                Decision.facts(s -> new VmEvent.AdoptionUnsure(s, vm.attempt(), reason)),
                because(vm),
                false);
      }
    };
  }

  /**
   * What a guest or a clock says is mostly nothing new: that costs no more than having listened.
   */
  private Effect<VmEvent, VmState> hear(Vm vm, Decision news) {
    return news.equals(Decision.nothing()) ? Effect().none() : store(news, because(vm));
  }

  private Effect<VmEvent, VmState> onReleased(Vm vm, VmResult.ReleaseTold told) {
    if (!work.lands(vm, told)) {
      return Effect().none();
    }
    if (told.failed().isEmpty()) {
      work.mended();
      return store(VmRules.released(vm, told), because(vm));
    }
    work.retryLater(vm);
    return store(VmRules.released(vm, told), because(vm), false);
  }

  private Effect<VmEvent, VmState> onAlarm(Vm vm, Alarm alarm) {
    return switch (alarm.kind()) {
      case START -> hear(vm, VmRules.tooLate(vm));
      case STOP -> {
        work.useForce(vm);
        yield Effect().none();
      }
      case SILENCE -> hear(vm, ear.silence(vm));
      case GUEST -> hear(vm, ear.catchUp(vm));
      case PLAN ->
          hear(vm, VmRules.planRestart(vm, place.clock().instant(), place.chance().getAsDouble()));
      case RESTART -> hear(vm, VmRules.restartDue(vm));
      case RETRY -> {
        work.retry(vm);
        yield Effect().none();
      }
    };
  }

  private static boolean isAsking(Vm vm, int attempt) {
    return attempt == vm.attempt()
        && vm.phase() instanceof Phase.Starting(var step)
        && step == StartStep.ADDRESS;
  }

  /** What the VM does by itself, it does because of what it was last asked, or what befell it. */
  private Asker because(Vm vm) {
    if (vm.phase() instanceof Phase.Ending(_, var by, var cause, _, _, _)) {
      return new Asker(by, cause);
    }
    Restarts.Due due = vm.intent().restarts().due();
    return Asker.system(due == null ? vm.startCause() : due.cause());
  }

  private Effect<VmEvent, VmState> answer(
      Decision decision, Asker asker, ActorRef<VmReply> replyTo) {
    return switch (decision) {
      case Decision.Refusal(var reason, var message) -> {
        replyTo.tell(new VmReply.Refused(reason, message));
        yield Effect().none();
      }
      case Decision.Facts(var facts) ->
          Effect()
              .persist(stamped(facts, asker))
              .thenRun(state -> {
                if (state instanceof Vm vm) {
                  carryOn(vm);
                  replyTo.tell(new VmReply.Accepted(vm));
                }
              });
    };
  }

  private Effect<VmEvent, VmState> store(Decision decision, Asker asker) {
    return store(decision, asker, true);
  }

  /**
   * Stores what was decided, then goes on; {@code resume} is false where a pause must come first.
   */
  private Effect<VmEvent, VmState> store(Decision decision, Asker asker, boolean resume) {
    List<VmEvent> events =
        decision instanceof Decision.Facts(var facts) ? stamped(facts, asker) : List.of();
    return Effect()
        .persist(events)
        .thenRun(state -> {
          if (state instanceof Vm vm) {
            show(vm);
            if (resume) {
              carryOn(vm);
            }
          }
        });
  }

  private List<VmEvent> stamped(List<Fact> facts, Asker asker) {
    Instant at = place.clock().instant();
    long sequence = lastSequenceNumber(context);
    List<VmEvent> events = new ArrayList<>(facts.size());
    for (Fact fact : facts) {
      sequence++;
      String id = "vm/" + place.id() + "#" + sequence;
      events.add(fact.stamped(new Stamp(id, place.name(), at, asker.by(), asker.cause())));
    }
    return events;
  }

  private void show(Vm vm) {
    if (vm.phase() instanceof Phase.Deleted) {
      place.directory().remove(vm);
    } else {
      place.directory().put(vm);
    }
    if (!vm.phase().equals(told)) {
      told = vm.phase();
      place.host().tell(new VmNotice.Changed(place.id(), vm));
    }
  }

  /** After every event and after a restart: show the state, answer who waits, do what is next. */
  private void carryOn(Vm vm) {
    show(vm);
    if (vm.phase() instanceof Phase.Deleted) {
      place.host().tell(new VmNotice.Gone(place.id()));
    }
    waiters.tell(vm);
    work.resume(vm);
  }
}
