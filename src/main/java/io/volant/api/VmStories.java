package io.volant.api;

import io.volant.host.HostEvent;
import io.volant.journal.History;
import io.volant.model.VmId;
import io.volant.vm.Vm;
import io.volant.vm.VmDirectory;
import io.volant.vm.VmEvent;
import io.volant.vm.VmState;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.stream.javadsl.Sink;

/** What happened to a VM, read from the journal: also to one that was deleted. */
final class VmStories {

  /** The newest that are kept of a longer story. A start has about ten. */
  static final int EVENTS_MAX = 20_000;

  private final ActorSystem<?> system;
  private final History history;
  private final VmDirectory vms;
  private final String host;

  VmStories(ActorSystem<?> system, ApiParts parts) {
    this.system = system;
    this.history = parts.history();
    this.vms = parts.vms();
    this.host = "host/" + parts.hostNumber();
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
        .thenCompose(found -> events(orNone(found, name)))
        .thenApply(events ->
            fold(events.stream().filter(e -> !e.stamp().at().isAfter(time)).toList(), name));
  }

  /** The VM as it was after the event with this id. */
  CompletionStage<Vm> at(String name, String eventId) {
    int number = eventId.indexOf('#');
    return history
        .of(eventId.substring(0, Math.max(0, number)))
        .takeWhile(event -> !event.stamp().id().equals(eventId), true)
        .runWith(Sink.seq(), system)
        .thenApply(events -> {
          boolean found =
              !events.isEmpty()
                  && events.getLast() instanceof VmEvent last
                  && last.stamp().id().equals(eventId)
                  && last.stamp().name().equals(name);
          if (!found) {
            throw Problem.ofField("at", "must be a time, or the id of an event of this VM")
                .asException();
          }
          return fold(events.stream().map(VmEvent.class::cast).toList(), name);
        });
  }

  /** One event of whatever it is. */
  History history() {
    return history;
  }

  private CompletionStage<List<VmEvent>> events(VmId id) {
    return history
        .of("vm/" + id)
        .collectType(VmEvent.class)
        .take(EVENTS_MAX)
        .runWith(Sink.seq(), system)
        .thenApply(List::copyOf);
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

  private static Vm fold(List<VmEvent> events, String name) {
    VmState state = new VmState.Absent();
    for (VmEvent event : events) {
      state = state.on(event);
    }
    return switch (state) {
      case Vm vm -> vm;
      case VmState.Absent _ ->
          throw Problem.of(
                  ErrorCode.VM_NOT_FOUND, "'" + Text.shown(name) + "' was not there at that time")
              .asException();
    };
  }
}
