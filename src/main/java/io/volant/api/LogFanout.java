package io.volant.api;

import io.volant.metrics.LogNumbers;
import io.volant.model.Lease;
import io.volant.model.VmId;
import io.volant.vm.Guest;
import io.volant.vm.GuestLogLine;
import io.volant.vm.Phase;
import io.volant.vm.Vm;
import io.volant.vm.VmDirectory;
import io.volant.vm.VmHandle;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.UniqueKillSwitch;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.MergeHub;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log lines of running VMs as they come, for every follower of the events. Each VM's are
 * fetched from its guest once, however many listen, and only while somebody does. A guest that says
 * too much is read more slowly, so that its own ring forgets what it said.
 */
final class LogFanout extends AbstractMatchingBehavior<LogFanout.Message> {

  /** Lines a second of one VM, in the long run and at once. */
  private static final int LINES_OF_ONE = 500;

  /** Lines a second of all VMs. */
  private static final int LINES_OF_ALL = 10_000;

  private static final int BUFFER_OF_ONE = 16;
  private static final Duration SECOND = Duration.ofSeconds(1);

  /** How soon a VM that has come to run is noticed. */
  private static final Duration LOOK = Duration.ofMillis(250);

  /** Before a link that broke, or is not up yet, is tried again. */
  private static final Duration RETRY = Duration.ofSeconds(1);

  private static final Logger LOG = LoggerFactory.getLogger(LogFanout.class);

  /** What it hears. */
  sealed interface Message {}

  private record Came(LogTail tail) implements Message {}

  private record Left(LogTail tail) implements Message {}

  private record Look() implements Message {}

  private record Opened(
      Followed vm, @Nullable Source<GuestLogLine, NotUsed> lines, @Nullable Throwable failure)
      implements Message {}

  private record Ended(Followed vm) implements Message {}

  /** A run of a VM whose lines are wanted. */
  private static final class Followed {
    private final Vm vm;
    private final AtomicLong next;
    private @Nullable UniqueKillSwitch stream;
    private @Nullable Instant retryAt;

    Followed(Vm vm, long from) {
      this.vm = vm;
      this.next = new AtomicLong(from);
    }

    void end() {
      if (stream != null) {
        stream.shutdown();
      }
    }
  }

  /** What others hold of it. */
  record Door(ActorRef<Message> fanout, LogNumbers numbers) {

    /** Every line from now on as a frame of the event stream, for one subscriber. */
    Source<ByteString, NotUsed> frames() {
      return Source.fromGraph(
          new LogTail(tail -> fanout.tell(new Came(tail)), tail -> fanout.tell(new Left(tail))));
    }
  }

  private final TimerScheduler<Message> timers;
  private final VmDirectory vms;
  private final Guest guest;
  private final Clock clock;
  private final int vmsMax;
  private final LogNumbers numbers;

  private final List<LogTail> tails = new CopyOnWriteArrayList<>(); // read by a stream
  private final Map<VmId, Followed> followed = new HashMap<>();
  private @Nullable Sink<ByteString, NotUsed> hub;
  private @Nullable UniqueKillSwitch hubEnd;
  private Instant begun = Instant.EPOCH;
  private long seenVersion;

  /**
   * A fan-out that follows nobody yet.
   *
   * @param vmsMax how many VMs are followed at most
   */
  static Door start(ActorSystem<?> system, ApiParts parts, int vmsMax) {
    LogNumbers numbers = LogNumbers.none();
    Behavior<Message> behavior =
        Behaviors.setup(context ->
            Behaviors.withTimers(timers -> new LogFanout(context, timers, parts, vmsMax, numbers)));
    String name = "log-fanout-" + UUID.randomUUID();
    return new Door(system.systemActorOf(behavior, name, Props.empty()), numbers);
  }

  private LogFanout(
      ActorContext<Message> context,
      TimerScheduler<Message> timers,
      ApiParts parts,
      int vmsMax,
      LogNumbers numbers) {
    super(context);
    this.timers = timers;
    this.vms = parts.vms();
    this.guest = parts.guest();
    this.clock = parts.clock();
    this.vmsMax = vmsMax;
    this.numbers = numbers;
  }

  @Override
  public Behavior<Message> onMessage(Message message) {
    switch (message) {
      case Came(var tail) -> {
        tails.add(tail);
        if (tails.size() == 1) {
          begin();
        }
      }
      case Left(var tail) -> {
        if (tails.remove(tail) && tails.isEmpty()) {
          end();
        }
      }
      case Look _ -> look();
      case Opened opened -> onOpened(opened);
      case Ended(var vm) -> {
        vm.stream = null;
        vm.retryAt = clock.instant().plus(RETRY);
      }
    }
    return this;
  }

  private void begin() {
    begun = clock.instant();
    seenVersion = -1;
    var running =
        MergeHub.of(ByteString.class, BUFFER_OF_ONE)
            .throttle(LINES_OF_ALL, SECOND)
            .viaMat(KillSwitches.single(), Keep.both())
            .toMat(Sink.foreach(this::publish), Keep.left())
            .run(getContext().getSystem());
    hub = running.first();
    hubEnd = running.second();
    timers.startTimerWithFixedDelay(Look.class, new Look(), LOOK);
    look();
  }

  private void end() {
    timers.cancel(Look.class);
    followed.values().forEach(Followed::end);
    followed.clear();
    if (hubEnd != null) {
      hubEnd.shutdown();
    }
    hub = null;
    numbers.followed().set(0);
    numbers.leftOut().set(0);
  }

  /** In the hub's stream, one line after the other. */
  private void publish(ByteString frame) {
    for (LogTail tail : tails) {
      numbers.linesLost().addAndGet(tail.offer(frame));
    }
  }

  // --- which VMs ---

  private void look() {
    long version = vms.version();
    if (version != seenVersion) {
      seenVersion = version;
      choose();
    }
    Instant now = clock.instant();
    for (Followed each : followed.values()) {
      if (each.retryAt != null && !now.isBefore(each.retryAt)) {
        open(each);
      }
    }
  }

  private void choose() {
    List<Vm> talking = new ArrayList<>();
    Set<VmId> ids = new HashSet<>();
    for (Vm vm : vms.all()) {
      if (vm.phase() instanceof Phase.Running && vm.hasAgent()) {
        talking.add(vm);
        ids.add(vm.id());
      }
    }
    followed
        .values()
        .removeIf(each -> {
          boolean over = !ids.contains(each.vm.id());
          if (over) {
            each.end();
          }
          return over;
        });
    talking.sort(Comparator.comparing(Vm::id));
    int leftOut = 0;
    for (Vm vm : talking) {
      Followed was = followed.get(vm.id());
      if (was != null && was.vm.attempt() == vm.attempt()) {
        continue;
      }
      if (was == null && followed.size() >= vmsMax) {
        leftOut++;
        continue;
      }
      if (was != null) {
        was.end();
      }
      Followed now = new Followed(vm, first(vm));
      followed.put(vm.id(), now);
      open(now);
    }
    if (leftOut > 0 && numbers.leftOut().get() == 0) {
      LOG.warn(
          "the lines of {} running VMs are not in the event stream: volant.api.event-logs-max = {}",
          leftOut,
          vmsMax);
    }
    numbers.leftOut().set(leftOut);
    numbers.followed().set(followed.size());
  }

  /** Of a VM that was started while somebody listened, every line; of another what comes now. */
  private long first(Vm vm) {
    return LogRoutes.booted(vm).isBefore(begun) ? Guest.LINES_TO_COME : 0;
  }

  // --- the lines of one ---

  private void open(Followed of) {
    of.retryAt = null;
    getContext()
        .pipeToSelf(
            guest.logs(of.vm.id(), of.next.get(), true),
            (source, failure) -> new Opened(of, source, failure));
  }

  private void onOpened(Opened opened) {
    Followed of = opened.vm();
    boolean wanted = followed.get(of.vm.id()) == of;
    Source<GuestLogLine, NotUsed> lines = opened.lines();
    Sink<ByteString, NotUsed> to = hub;
    if (lines == null) {
      of.retryAt = clock.instant().plus(RETRY);
    } else if (!wanted || to == null) {
      lines.runWith(Sink.cancelled(), getContext().getSystem());
    } else {
      of.stream = run(of, lines, to);
    }
  }

  private UniqueKillSwitch run(
      Followed of, Source<GuestLogLine, NotUsed> lines, Sink<ByteString, NotUsed> to) {
    Instant booted = LogRoutes.booted(of.vm);
    ActorRef<Message> self = getContext().getSelf();
    return lines
        .viaMat(KillSwitches.single(), Keep.right())
        .throttle(LINES_OF_ONE, SECOND)
        .map(line -> {
          of.next.set(line.sequence() + 1);
          return frame(line, of.vm, booted);
        })
        .watchTermination((end, done) -> {
          done.whenComplete((_, _) -> self.tell(new Ended(of)));
          return end;
        })
        .recoverWithRetries(1, Throwable.class, Source::empty) // a broken link is no news
        .to(to)
        .run(getContext().getSystem());
  }

  /** Without an id: it is not in the journal, and nobody resumes after it. */
  private static ByteString frame(GuestLogLine line, Vm vm, Instant booted) {
    return ByteString.fromString("event: VM_LOG\ndata: ")
        .concat(ByteString.fromArrayUnsafe(data(line, vm, booted)))
        .concat(ByteString.fromString("\n\n"));
  }

  private static byte[] data(GuestLogLine line, Vm vm, Instant booted) {
    Lease lease = vm.holdings().lease();
    VmHandle handle = vm.handle();
    return Answers.bytes(json -> {
      json.writeStartObject();
      json.writeStringField("type", "VM_LOG");
      json.writeStringField("name", vm.name());
      json.writeStringField("status", VmStatus.RUNNING.text());
      json.writeStringField("ip_address", lease == null ? "" : lease.ipAddress());
      json.writeStringField("mac_address", lease == null ? "" : lease.mac());
      if (handle != null && handle.pid() > 0) {
        json.writeNumberField("pid", handle.pid());
      }
      json.writeStringField("timestamp", Text.time(booted.plusMillis(line.uptimeMs())));
      json.writeStringField("message", "");
      json.writeNumberField("seq", line.sequence());
      json.writeStringField("stream", line.stream());
      json.writeStringField("line", line.line());
      json.writeEndObject();
    });
  }
}
