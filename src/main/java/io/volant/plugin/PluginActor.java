package io.volant.plugin;

import io.volant.journal.EventFeed;
import io.volant.model.Asker;
import io.volant.model.Stamp;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.RecoveryCompleted;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.Effect;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.apache.pekko.persistence.typed.javadsl.SignalHandler;

/** One plugin: its manifest, and whether it may be used. */
public final class PluginActor
    extends EventSourcedBehavior<PluginCommand, PluginEvent, PluginState> {

  private static final Duration STORE_RETRY_MIN = Duration.ofMillis(200);
  private static final Duration STORE_RETRY_MAX = Duration.ofSeconds(10);

  /** More were a list that nobody reads, and a state that grows. */
  private static final int ADDED_MAX = 100;

  private final ActorContext<PluginCommand> context;
  private final String name;
  private final ActorRef<PluginNotice> host;
  private final Clock clock;

  /** The behaviour of the plugin with this name. */
  public static Behavior<PluginCommand> create(
      String name, ActorRef<PluginNotice> host, Clock clock) {
    return Behaviors.setup(context -> new PluginActor(context, name, host, clock));
  }

  private PluginActor(
      ActorContext<PluginCommand> context, String name, ActorRef<PluginNotice> host, Clock clock) {
    super(
        PersistenceId.of("plugin", name),
        SupervisorStrategy.restartWithBackoff(STORE_RETRY_MIN, STORE_RETRY_MAX, 0.1));
    this.context = context;
    this.name = name;
    this.host = host;
    this.clock = clock;
  }

  @Override
  public PluginState emptyState() {
    return new PluginState.Absent();
  }

  @Override
  public EventHandler<PluginState, PluginEvent> eventHandler() {
    return PluginState::on;
  }

  @Override
  public Set<String> tagsFor(PluginEvent event) {
    return Set.of(EventFeed.TAG);
  }

  @Override
  public SignalHandler<PluginState> signalHandler() {
    return newSignalHandlerBuilder()
        .onSignal(RecoveryCompleted.instance(), this::notifyHost)
        .build();
  }

  @Override
  public CommandHandler<PluginCommand, PluginEvent, PluginState> commandHandler() {
    return (state, command) ->
        switch (command) {
          case PluginCommand.Install install -> onInstall(state, install);
          case PluginCommand.SetEnabled set -> onSetEnabled(state, set);
          case PluginCommand.AddArtifact add -> onAddArtifact(state, add);
          case PluginCommand.RemoveArtifacts remove -> onRemoveArtifacts(state, remove);
          case PluginCommand.Remove remove -> onRemove(state, remove);
        };
  }

  private Effect<PluginEvent, PluginState> onInstall(
      PluginState state, PluginCommand.Install install) {
    if (state instanceof Plugin plugin) {
      boolean sameVersion = plugin.manifest().version().equals(install.manifest().version());
      boolean same =
          plugin.manifest().saysTheSameAs(install.manifest())
              && plugin.artifact().digest().equals(install.artifact().digest())
              && plugin.disks().equals(install.disks());
      if (same) {
        install.replyTo().tell(new PluginReply.Accepted(plugin));
        return Effect().none();
      }
      if (sameVersion && !install.replace()) {
        install
            .replyTo()
            .tell(
                new PluginReply.Refused(
                    PluginReply.Reason.EXISTS,
                    "plugin "
                        + name
                        + " "
                        + install.manifest().version()
                        + " is installed with other content; raise the version, or replace it"));
        return Effect().none();
      }
    }
    PluginEvent installed =
        new PluginEvent.Installed(
            stamp(install.asker()), install.manifest(), install.artifact(), install.disks());
    return store(
        staysDisabled(state, install)
            ? List.of(installed, new PluginEvent.Disabled(stamp(install.asker(), 2)))
            : List.of(installed),
        install.replyTo());
  }

  /** Other content of the same version is no reason to enable what somebody disabled. */
  private static boolean staysDisabled(PluginState state, PluginCommand.Install install) {
    return state instanceof Plugin plugin
        && !plugin.enabled()
        && install.manifest().enabled()
        && plugin.manifest().version().equals(install.manifest().version());
  }

  private Effect<PluginEvent, PluginState> onAddArtifact(
      PluginState state, PluginCommand.AddArtifact add) {
    if (!(state instanceof Plugin plugin)) {
      return notFound(add.replyTo());
    }
    PluginArtifact artifact = add.artifact();
    Optional<PluginArtifact> there = find(plugin.artifacts(), artifact);
    if (there.isPresent() && there.get().equals(artifact)) {
      add.replyTo().tell(new PluginReply.Accepted(plugin));
      return Effect().none();
    }
    if (there.isPresent()) {
      return refuse(
          add.replyTo(),
          PluginReply.Reason.ARTIFACT_EXISTS,
          named(artifact.version(), artifact.name())
              + " is there with other content; remove it first");
    }
    if (plugin.added().size() >= ADDED_MAX) {
      return refuse(
          add.replyTo(),
          PluginReply.Reason.ARTIFACT_EXISTS,
          "plugin " + name + " has " + ADDED_MAX + " added artifacts, the most; remove one first");
    }
    return store(
        List.of(new PluginEvent.ArtifactAdded(stamp(add.asker()), artifact)), add.replyTo());
  }

  private static Optional<PluginArtifact> find(List<PluginArtifact> all, PluginArtifact like) {
    return all.stream().filter(each -> each.is(like.version(), like.name())).findFirst();
  }

  private String named(String version, String artifact) {
    return "artifact " + artifact + " of plugin " + name + " " + version;
  }

  private Effect<PluginEvent, PluginState> onRemoveArtifacts(
      PluginState state, PluginCommand.RemoveArtifacts remove) {
    if (!(state instanceof Plugin plugin)) {
      return notFound(remove.replyTo());
    }
    List<PluginArtifact> gone =
        plugin.added().stream().filter(each -> isMeant(remove, each)).toList();
    String wanted = remove.name();
    if (gone.isEmpty() && wanted != null) {
      boolean own = plugin.artifacts().stream().anyMatch(each -> isMeant(remove, each));
      return refuse(
          remove.replyTo(),
          own ? PluginReply.Reason.IN_USE : PluginReply.Reason.ARTIFACT_NOT_FOUND,
          own
              ? "artifact " + wanted + " is named by the manifest; install another one"
              : "plugin " + name + " has no artifact " + wanted);
    }
    if (gone.isEmpty()) {
      remove.replyTo().tell(new PluginReply.Accepted(plugin));
      return Effect().none();
    }
    List<PluginEvent> events = new ArrayList<>();
    for (PluginArtifact each : gone) {
      Stamp stamp = stamp(remove.asker(), events.size() + 1);
      events.add(new PluginEvent.ArtifactRemoved(stamp, each.version(), each.name()));
    }
    return store(events, remove.replyTo());
  }

  private static boolean isMeant(PluginCommand.RemoveArtifacts remove, PluginArtifact artifact) {
    return (remove.version() == null || artifact.version().equals(remove.version()))
        && (remove.name() == null || artifact.name().equals(remove.name()));
  }

  private Effect<PluginEvent, PluginState> refuse(
      ActorRef<PluginReply> replyTo, PluginReply.Reason reason, String message) {
    replyTo.tell(new PluginReply.Refused(reason, message));
    return Effect().none();
  }

  private Effect<PluginEvent, PluginState> onSetEnabled(
      PluginState state, PluginCommand.SetEnabled set) {
    if (!(state instanceof Plugin plugin)) {
      return notFound(set.replyTo());
    }
    if (plugin.enabled() == set.enabled()) {
      set.replyTo().tell(new PluginReply.Accepted(plugin));
      return Effect().none();
    }
    Stamp stamp = stamp(set.asker());
    return store(
        List.of(set.enabled() ? new PluginEvent.Enabled(stamp) : new PluginEvent.Disabled(stamp)),
        set.replyTo());
  }

  private Effect<PluginEvent, PluginState> onRemove(
      PluginState state, PluginCommand.Remove remove) {
    return state instanceof Plugin
        ? store(List.of(new PluginEvent.Removed(stamp(remove.asker()))), remove.replyTo())
        : notFound(remove.replyTo());
  }

  private Effect<PluginEvent, PluginState> notFound(ActorRef<PluginReply> replyTo) {
    replyTo.tell(
        new PluginReply.Refused(PluginReply.Reason.NOT_FOUND, "there is no plugin " + name));
    return Effect().none();
  }

  private Effect<PluginEvent, PluginState> store(
      List<PluginEvent> events, ActorRef<PluginReply> replyTo) {
    return Effect()
        .persist(events)
        .thenRun(state -> {
          notifyHost(state);
          replyTo.tell(
              state instanceof Plugin plugin
                  ? new PluginReply.Accepted(plugin)
                  : new PluginReply.Removed(name));
        });
  }

  private void notifyHost(PluginState state) {
    host.tell(new PluginNotice(name, state instanceof Plugin plugin ? plugin : null));
  }

  private Stamp stamp(Asker asker) {
    return stamp(asker, 1);
  }

  /** The stamp of the so-manieth event that is stored at once. */
  private Stamp stamp(Asker asker, int number) {
    String id = "plugin/" + name + "#" + (lastSequenceNumber(context) + number);
    return new Stamp(id, name, clock.instant(), asker.by(), asker.cause());
  }
}
