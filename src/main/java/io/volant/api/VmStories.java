package io.volant.api;

import io.volant.host.HostEvent;
import io.volant.journal.History;
import io.volant.model.VmId;
import io.volant.vm.Vm;
import io.volant.vm.VmDirectory;
import io.volant.vm.VmEvent;
import io.volant.vm.VmState;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;

/** What happened to a VM, read from the journal: also to one that was deleted. */
final class VmStories {

  /** Of a longer story the newest are told. A start has about ten. */
  static final int EVENTS_MAX = 20_000;

  private final ActorSystem<?> system;
  private final History history;
  private final VmDirectory vms;
  private final String host;

  VmStories(ActorSystem<?> system, ApiParts parts) {
    this(system, parts.history(), parts.vms(), parts.hostNumber());
  }

  VmStories(ActorSystem<?> system, History history, VmDirectory vms, int hostNumber) {
    this.system = system;
    this.history = history;
    this.vms = vms;
    this.host = "host/" + hostNumber;
  }

  /**
   * The events of the VM with this name, the oldest first.
   *
   * @param deletedToo whether, where there is no such VM now, the latest that had the name will do
   * @return the events, or a failure with a {@link ProblemException}
   */
  CompletionStage<List<VmEvent>> of(String name, boolean deletedToo) {
    Optional<VmId> alive = vms.find(name).map(Vm::id);
    if (alive.isPresent()) {
      return events(alive.get());
    }
    return deletedToo
        ? named(name, Instant.MAX).thenCompose(found -> events(orNone(found, name)))
        : CompletableFuture.failedFuture(Problem.noVm(name).asException());
  }

  /** The VM as it was at that time, after what had happened until then. */
  CompletionStage<Vm> at(String name, Instant time) {
    return named(name, time)
        .thenCompose(found ->
            told(orNone(found, name))
                .filter(event -> !event.stamp().at().isAfter(time))
                .runFold(Folded.nothing(), Folded::with, system))
        .thenApply(folded -> vm(folded, name));
  }

  /** The VM as it was after the event with this id. */
  CompletionStage<Vm> at(String name, String eventId) {
    int number = eventId.indexOf('#');
    return history
        .of(eventId.substring(0, Math.max(0, number)))
        .takeWhile(event -> !event.stamp().id().equals(eventId), true)
        .collectType(VmEvent.class)
        .runFold(Folded.nothing(), Folded::with, system)
        .thenApply(folded -> {
          boolean found =
              folded
                  .last()
                  .map(VmEvent::stamp)
                  .filter(last -> last.id().equals(eventId) && last.name().equals(name))
                  .isPresent();
          if (!found) {
            throw Problem.ofField("at", "must be a time, or the id of an event of this VM")
                .asException();
          }
          return vm(folded, name);
        });
  }

  /** What events lead to, and the last of them. */
  private record Folded(VmState state, Optional<VmEvent> last) {

    static Folded nothing() {
      return new Folded(new VmState.Absent(), Optional.empty());
    }

    Folded with(VmEvent event) {
      return new Folded(state.on(event), Optional.of(event));
    }
  }

  /** One event of whatever it is. */
  History history() {
    return history;
  }

  private CompletionStage<List<VmEvent>> events(VmId id) {
    return told(id)
        .runFold(new ArrayDeque<VmEvent>(), VmStories::keep, system)
        .thenApply(List::copyOf);
  }

  private Source<VmEvent, NotUsed> told(VmId id) {
    return history.of("vm/" + id).collectType(VmEvent.class);
  }

  private static ArrayDeque<VmEvent> keep(ArrayDeque<VmEvent> newest, VmEvent event) {
    newest.addLast(event);
    if (newest.size() > EVENTS_MAX) {
      newest.removeFirst();
    }
    return newest;
  }

  /** Who got the name last, at this time or before. */
  private CompletionStage<Optional<VmId>> named(String name, Instant time) {
    return history
        .of(host)
        .collectType(HostEvent.VmRegistered.class)
        .filter(event -> event.vmName().equals(name) && !event.stamp().at().isAfter(time))
        .map(HostEvent.VmRegistered::vmId)
        .runWith(Sink.lastOption(), system);
  }

  private static VmId orNone(Optional<VmId> found, String name) {
    return found.orElseThrow(() -> Problem.noVm(name).asException());
  }

  private static Vm vm(Folded folded, String name) {
    return switch (folded.state()) {
      case Vm vm -> vm;
      case VmState.Absent _ ->
          throw Problem.of(
                  ErrorCode.VM_NOT_FOUND, "'" + Text.shown(name) + "' was not there at that time")
              .asException();
    };
  }
}
