package io.volant.plugin;

import io.volant.journal.EventFeed;
import io.volant.model.Asker;
import io.volant.model.Stamp;
import java.time.Clock;
import java.time.Duration;
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
          case PluginCommand.Remove remove -> onRemove(state, remove);
        };
  }

  private Effect<PluginEvent, PluginState> onInstall(
      PluginState state, PluginCommand.Install install) {
    if (state instanceof Plugin plugin) {
      boolean sameVersion = plugin.manifest().version().equals(install.manifest().version());
      boolean same =
          plugin.manifest().equals(install.manifest())
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
    return store(
        new PluginEvent.Installed(
            stamp(install.asker()), install.manifest(), install.artifact(), install.disks()),
        install.replyTo());
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
        set.enabled() ? new PluginEvent.Enabled(stamp) : new PluginEvent.Disabled(stamp),
        set.replyTo());
  }

  private Effect<PluginEvent, PluginState> onRemove(
      PluginState state, PluginCommand.Remove remove) {
    return state instanceof Plugin
        ? store(new PluginEvent.Removed(stamp(remove.asker())), remove.replyTo())
        : notFound(remove.replyTo());
  }

  private Effect<PluginEvent, PluginState> notFound(ActorRef<PluginReply> replyTo) {
    replyTo.tell(
        new PluginReply.Refused(PluginReply.Reason.NOT_FOUND, "there is no plugin " + name));
    return Effect().none();
  }

  private Effect<PluginEvent, PluginState> store(PluginEvent event, ActorRef<PluginReply> replyTo) {
    return Effect()
        .persist(event)
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
    String id = "plugin/" + name + "#" + (lastSequenceNumber(context) + 1);
    return new Stamp(id, name, clock.instant(), asker.by(), asker.cause());
  }
}
