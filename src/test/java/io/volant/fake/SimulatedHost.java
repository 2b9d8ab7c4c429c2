package io.volant.fake;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.volant.adapter.leveldb.GroupCommitJournal;
import io.volant.adapter.simulated.SimulatedBehaviour;
import io.volant.adapter.simulated.SimulatedFolders;
import io.volant.adapter.simulated.SimulatedGuest;
import io.volant.adapter.simulated.SimulatedHypervisor;
import io.volant.adapter.simulated.SimulatedProbes;
import io.volant.adapter.simulated.SimulatedTaps;
import io.volant.adapter.simulated.SimulatedWorld;
import io.volant.deployment.DeploymentDirectory;
import io.volant.deployment.DeploymentSettings;
import io.volant.host.HostActor;
import io.volant.host.HostCapacity;
import io.volant.host.HostCommand;
import io.volant.host.HostPorts;
import io.volant.network.NetworkSpec;
import io.volant.plugin.PluginDirectory;
import io.volant.vm.VmDirectory;
import io.volant.vm.VmPorts;
import io.volant.vm.VmSettings;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * A daemon on a simulated host: the real actors on a real journal, in a world that outlives them.
 * {@link #die} and a second one on the same folder and world are a restart.
 */
public final class SimulatedHost {

  /** Which host it is. */
  public static final int NUMBER = 0;

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final VmDirectory vms = new VmDirectory();
  private final PluginDirectory plugins = new PluginDirectory();
  private final DeploymentDirectory deployments = new DeploymentDirectory();
  private final ActorSystem<HostCommand> system;

  private SimulatedHost(
      Config config, SimulatedWorld world, String subnet, UnaryOperator<VmPorts> wrap) {
    SimulatedFolders folders = new SimulatedFolders(world);
    SimulatedTaps taps = new SimulatedTaps(world);
    VmPorts vmPorts =
        new VmPorts(
            new SimulatedHypervisor(world),
            new SimulatedGuest(world),
            new SimulatedProbes(world),
            taps,
            folders,
            folders,
            folders,
            new FakeArtifactStore());
    HostPorts ports =
        new HostPorts(
            wrap.apply(vmPorts),
            new VmSettings(
                20_000, 500, 300, 20, 200, new VmSettings.ForGuests(List.of(), 1L << 30)),
            taps,
            new NetworkSpec("default", "vbr0", subnet, subnet.replaceAll("\\.0/.*", ".1")),
            new DeploymentSettings(4, 1, 2_000, 3, 20, 200, 1_000),
            new HostPorts.Directories(vms, plugins, deployments),
            new HostPorts.HostIdentity(NUMBER, new HostCapacity(8, 16_384)),
            Clock.systemUTC());
    boolean dying = config.hasPath("pekko.persistence.journal.leveldb." + DyingJournal.DEATH_ID);
    this.system =
        ActorSystem.create(
            Behaviors.setup(context -> {
              if (!dying) { // the journal that the daemon has
                GroupCommitJournal.useIn(context.getSystem());
              }
              return HostActor.create(ports);
            }),
            "test",
            config);
  }

  /** A world in which everything works at once. */
  public static SimulatedWorld world() {
    return new SimulatedWorld(SimulatedBehaviour.instant());
  }

  /** Starts a daemon and waits until it has read its journal. */
  public static SimulatedHost start(Path home, SimulatedWorld world) {
    return start(config(home), world, "10.9.0.0/16", UnaryOperator.identity());
  }

  /** The same with other configuration and subnet, and with ports that a test may have wrapped. */
  public static SimulatedHost start(
      Config config, SimulatedWorld world, String subnet, UnaryOperator<VmPorts> wrap) {
    SimulatedHost host = new SimulatedHost(config, world, subnet, wrap);
    host.ask(HostCommand.AwaitReady::new);
    return host;
  }

  /** The daemon's configuration with its journal below {@code home}. */
  public static Config config(Path home) {
    return ConfigFactory.parseMap(
            Map.of(
                "pekko.persistence.journal.leveldb.dir", home.resolve("journal").toString(),
                "pekko.persistence.journal.leveldb.fsync", "off",
                "pekko.loglevel", "WARNING",
                // threads are what takes the time of a small test
                "pekko.actor.default-dispatcher.fork-join-executor.parallelism-max", "2",
                "pekko.actor.internal-dispatcher.fork-join-executor.parallelism-max", "2"))
        .withFallback(ConfigFactory.parseResources("engine.conf"))
        .withFallback(ConfigFactory.defaultReferenceUnresolved())
        .resolve();
  }

  /** The same, of a daemon that dies as {@code death} says. */
  public static Config config(Path home, Death death) {
    return ConfigFactory.parseMap(
            Map.of(
                "pekko.persistence.journal.leveldb.class",
                DyingJournal.class.getName(),
                "pekko.persistence.journal.leveldb." + DyingJournal.DEATH_ID,
                death.id()))
        .withFallback(config(home));
  }

  public VmDirectory vms() {
    return vms;
  }

  public PluginDirectory plugins() {
    return plugins;
  }

  public DeploymentDirectory deployments() {
    return deployments;
  }

  public ActorSystem<HostCommand> system() {
    return system;
  }

  /** Asks the host and waits for the answer. */
  public <T> T ask(Function<ActorRef<T>, HostCommand> command) {
    return AskPattern.<HostCommand, T>ask(system, command::apply, PATIENCE, system.scheduler())
        .toCompletableFuture()
        .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
        .join();
  }

  /** Ends the daemon as a power cut would: nothing is told, nothing is released. */
  public void die() {
    system.terminate();
    system
        .getWhenTerminated()
        .toCompletableFuture()
        .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
        .join();
  }
}
