package io.volant;

import io.volant.adapter.files.ArtifactStoreSettings;
import io.volant.adapter.files.DirectoryKernelShelf;
import io.volant.adapter.files.DirectoryVmDisks;
import io.volant.adapter.files.DirectoryVmFolders;
import io.volant.adapter.files.FileArtifactStore;
import io.volant.adapter.files.VolantHome;
import io.volant.adapter.guestlink.GuestLinkSettings;
import io.volant.adapter.guestlink.GuestLinks;
import io.volant.adapter.linux.HostProbe.HostFacts;
import io.volant.adapter.linux.LinuxHostNetwork;
import io.volant.adapter.linux.LinuxTaps;
import io.volant.adapter.probe.NetworkProbes;
import io.volant.adapter.process.CommandRunner;
import io.volant.adapter.qemu.QemuHypervisor;
import io.volant.adapter.qemu.QemuSettings;
import io.volant.adapter.simulated.SimulatedFolders;
import io.volant.adapter.simulated.SimulatedGuest;
import io.volant.adapter.simulated.SimulatedHypervisor;
import io.volant.adapter.simulated.SimulatedProbes;
import io.volant.adapter.simulated.SimulatedTaps;
import io.volant.adapter.simulated.SimulatedWorld;
import io.volant.adapter.unixsocket.UnixSockets;
import io.volant.artifact.ArtifactStore;
import io.volant.network.HostNetwork;
import io.volant.vm.KernelShelf;
import io.volant.vm.VmPorts;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.stream.SystemMaterializer;

/**
 * The adapters of this host, made: the real ones, or those of a simulated host.
 *
 * @param vm what VMs act through
 * @param network what networks act through
 */
record Host(VmPorts vm, HostNetwork network) {

  private static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(20);

  /** This machine, with QEMU. */
  static Host real(ActorSystem<?> system, Settings settings, HostFacts facts) throws IOException {
    VolantHome home = new VolantHome(settings.home());
    ExecutorService blocking = Executors.newVirtualThreadPerTaskExecutor();
    CommandRunner commands = new CommandRunner(COMMAND_TIMEOUT);
    UnixSockets sockets = new UnixSockets();
    Settings.HypervisorChoice choice = settings.hypervisor();
    QemuSettings qemu =
        QemuSettings.of(choice.qemuBinary(), choice.accelerator(), facts.kvm(), facts.clockKhz());
    VmPorts vm =
        new VmPorts(
            new QemuHypervisor(qemu, sockets, SystemMaterializer.get(system).materializer()),
            new GuestLinks(system, sockets, GuestLinkSettings.defaults()),
            new NetworkProbes(),
            new LinuxTaps(commands, blocking),
            new DirectoryVmFolders(home.vms(), settings.agent(), blocking),
            new DirectoryVmDisks(home.vms(), commands, blocking),
            kernels(settings, new DirectoryKernelShelf(home.kernels(), blocking)),
            artifacts(settings, home, blocking));
    return new Host(vm, new LinuxHostNetwork(commands, LinuxHostNetwork.TABLE, blocking));
  }

  /** A simulated machine. Its boot media are real files, so that installing a plugin is. */
  static Host simulated(Settings settings) throws IOException {
    SimulatedWorld world = new SimulatedWorld(settings.hypervisor().simulated());
    SimulatedFolders folders = new SimulatedFolders(world);
    SimulatedTaps taps = new SimulatedTaps(world);
    ExecutorService blocking = Executors.newVirtualThreadPerTaskExecutor();
    ArtifactStore artifacts = artifacts(settings, new VolantHome(settings.home()), blocking);
    VmPorts vm =
        new VmPorts(
            new SimulatedHypervisor(world),
            new SimulatedGuest(world),
            new SimulatedProbes(world),
            taps,
            folders,
            folders,
            folders,
            artifacts);
    return new Host(vm, taps);
  }

  private static KernelShelf kernels(Settings settings, KernelShelf shelf) {
    return name -> shelf.choose(name != null ? name : settings.kernel());
  }

  private static ArtifactStore artifacts(
      Settings settings, VolantHome home, ExecutorService blocking) throws IOException {
    ArtifactStoreSettings usual = ArtifactStoreSettings.of(home.artifacts());
    return new FileArtifactStore(
        new ArtifactStoreSettings(
            usual.folder(),
            settings.artifactBytesMax(),
            usual.fetchesMax(),
            usual.connectTimeout(),
            usual.stallTimeout(),
            usual.redirectsMax()),
        blocking);
  }
}
