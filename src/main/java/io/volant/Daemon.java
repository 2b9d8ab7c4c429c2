package io.volant;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.volant.adapter.files.HomeLock;
import io.volant.adapter.files.VolantHome;
import io.volant.adapter.leveldb.GroupCommitJournal;
import io.volant.adapter.leveldb.JournalTimes;
import io.volant.adapter.linux.HostProbe;
import io.volant.adapter.linux.HostProbe.HostFacts;
import io.volant.adapter.linux.ProcVmUsage;
import io.volant.adapter.process.CommandRunner;
import io.volant.api.ApiParts;
import io.volant.api.HttpServer;
import io.volant.deployment.DeploymentDirectory;
import io.volant.host.HostActor;
import io.volant.host.HostCapacity;
import io.volant.host.HostCommand;
import io.volant.host.HostPorts;
import io.volant.idempotency.IdempotencyCommand;
import io.volant.idempotency.IdempotencyDesk;
import io.volant.journal.JournalFeed;
import io.volant.metrics.Metrics;
import io.volant.plugin.PluginDirectory;
import io.volant.vm.VmDirectory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.persistence.query.journal.leveldb.javadsl.LeveldbReadJournal;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The running volantd: lock, actor system, adapters, host actor, HTTP, in this order. Closing it
 * leaves every VM as it is: VMs outlive the daemon.
 */
final class Daemon implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Daemon.class);

  /** A journal of 10,000 VMs is read in seconds; who has far more has to wait. */
  private static final Duration READ_PATIENCE = Duration.ofMinutes(30);

  private final HomeLock lock;
  private final Edge edge;

  /** What clients see of the daemon: the server, and the feed that it reads from. */
  private record Edge(HttpServer server, @Nullable Doors doors, JournalFeed feed) {}

  private Daemon(HomeLock lock, Edge edge) {
    this.lock = lock;
    this.edge = edge;
  }

  /**
   * Starts everything, and returns when the API answers.
   *
   * @throws IOException with a line for people
   */
  static Daemon start(Settings settings, Config config) throws IOException {
    HostFacts facts = new HostProbe().probe();
    boolean simulated = settings.hypervisor().driver() == Settings.Driver.SIMULATED;
    if (!simulated) {
      requireQemu(settings);
    }
    VolantHome home = new VolantHome(settings.home());
    HomeLock lock = HomeLock.acquire(home);
    ActorSystem<Void> system =
        ActorSystem.create(Behaviors.empty(), "volant", withJournal(config, home));
    GroupCommitJournal.useIn(system);
    try {
      Host host = simulated ? Host.simulated(settings) : Host.real(system, settings, facts);
      tellDriver(settings, facts);
      return new Daemon(lock, serve(system, settings, facts, host));
    } catch (IOException | RuntimeException failure) {
      lock.close();
      throw failure;
    }
  }

  /** Where the API listens. */
  InetSocketAddress address() {
    return edge.server().address();
  }

  /**
   * Ends it as a crash would, only politely towards clients: what was answered for is on disk, what
   * is outstanding is done by the next daemon. The actors are not stopped: closing LevelDB below a
   * reader can take the JVM with it, and the process ends anyway.
   */
  @Override
  public void close() {
    LOG.info("volantd ends; the VMs go on");
    edge.server().stop().toCompletableFuture().join();
    if (edge.doors() != null) {
      edge.doors().close();
    }
    edge.feed().close().toCompletableFuture().join();
    try {
      lock.close();
    } catch (IOException failure) {
      LOG.warn("the home's lock was not released: {}", failure.getMessage());
    }
  }

  private static Edge serve(ActorSystem<Void> system, Settings settings, HostFacts facts, Host host)
      throws IOException {
    VmDirectory vms = new VmDirectory();
    PluginDirectory plugins = new PluginDirectory();
    DeploymentDirectory deployments = new DeploymentDirectory();
    HostCapacity capacity = new HostCapacity(facts.cpuCores(), Math.toIntExact(facts.memoryMib()));
    HostPorts ports =
        new HostPorts(
            host.vm(),
            settings.vm(),
            host.network(),
            settings.network(),
            settings.deployments(),
            new HostPorts.Directories(vms, plugins, deployments),
            new HostPorts.HostIdentity(settings.hostNumber(), capacity),
            Clock.systemUTC());
    ActorRef<HostCommand> root =
        system.systemActorOf(HostActor.create(ports), "host", Props.empty());
    AskPattern.<HostCommand, Done>ask(
            root, HostCommand.AwaitReady::new, READ_PATIENCE, system.scheduler())
        .toCompletableFuture()
        .join();
    JournalFeed feed = feed(system);
    ActorRef<IdempotencyCommand> once =
        system.systemActorOf(IdempotencyDesk.create(), "idempotency", Props.empty());
    ApiParts parts =
        new ApiParts(
            root,
            vms,
            plugins,
            deployments,
            feed,
            feed,
            host.vm().guest(),
            host.vm().hypervisor()::console,
            once,
            Clock.systemUTC(),
            settings.hostNumber(),
            new ApiParts.Watching(watch(system, feed), new ProcVmUsage()));
    HttpServer server = bind(system, settings, parts);
    Doors doors = Doors.open(settings.api(), server);
    LOG.info(
        "volantd {} listens on {}, home {}, {} VMs",
        settings.api().identity().version(),
        server.address(),
        settings.home(),
        vms.all().size());
    return new Edge(server, doors, feed);
  }

  /** Counts what is stored from now on. */
  private static Metrics watch(ActorSystem<Void> system, JournalFeed feed) {
    Metrics metrics = new Metrics();
    JournalTimes.tell(system, metrics::stored);
    var _ =
        feed.latest()
            .thenCompose(end ->
                feed.after(end).runForeach(entry -> metrics.bootTimes().on(entry.event()), system));
    return metrics;
  }

  @SuppressWarnings("deprecation") // Pekko advises against LevelDB; the customer asked for it
  private static JournalFeed feed(ActorSystem<Void> system) {
    return JournalFeed.open(system, LeveldbReadJournal.class, LeveldbReadJournal.Identifier());
  }

  private static HttpServer bind(ActorSystem<Void> system, Settings settings, ApiParts parts)
      throws IOException {
    try {
      return HttpServer.start(system, settings.api(), parts, Doors.tls(settings.api().doors()))
          .toCompletableFuture()
          .join();
    } catch (CompletionException failure) {
      throw new IOException(failure.getMessage(), failure);
    }
  }

  private static void requireQemu(Settings settings) throws IOException {
    String binary = settings.hypervisor().qemuBinary();
    if (CommandRunner.locate(binary).isEmpty()) {
      throw new IOException(
          "there is no "
              + binary
              + "; on Debian: apt-get install qemu-system-x86 (or set"
              + " volant.hypervisor.driver = simulated to look around)");
    }
  }

  private static void tellDriver(Settings settings, HostFacts facts) {
    switch (settings.hypervisor().driver()) {
      case SIMULATED -> LOG.info("driver: simulated; no VM is real");
      case QEMU, AUTO ->
          LOG.info(
              "driver: qemu with {}: {}",
              facts.kvm() ? "KVM" : "emulation (TCG)",
              facts.kvmReason());
    }
  }

  private static Config withJournal(Config config, VolantHome home) {
    return ConfigFactory.parseMap(
            Map.of("pekko.persistence.journal.leveldb.dir", home.journal().toString()))
        .withFallback(config);
  }
}
