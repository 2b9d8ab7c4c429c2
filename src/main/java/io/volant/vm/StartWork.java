package io.volant.vm;

import io.volant.artifact.ArtifactRef;
import io.volant.artifact.ArtifactStore;
import io.volant.artifact.StoredArtifact;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Does the steps of a start that are done through ports. Each may be done again. */
final class StartWork {

  private final VmPorts ports;
  private final VmSettings settings;

  StartWork(VmPorts ports, VmSettings settings) {
    this.ports = ports;
    this.settings = settings;
  }

  /**
   * Begins a step.
   *
   * @throws IllegalArgumentException with a message for people, when it cannot even begin
   */
  CompletionStage<? extends VmResult.StepDone> begin(StartStep step, Vm vm) {
    return switch (step) {
      case ARTIFACTS -> fetch(vm);
      case DISKS -> prepare(vm);
      case TAP -> raiseTap(vm);
      case LAUNCH -> launch(vm);
      case ADDRESS, GUEST -> throw new IllegalStateException(step + " is not done through a port");
    };
  }

  private CompletionStage<VmResult.ArtifactsFetched> fetch(Vm vm) {
    int attempt = vm.attempt();
    VmConfig config = vm.config().config();
    CompletionStage<StoredArtifact> boot = find(config.boot().artifact(), config.boot().url());
    CompletionStage<List<StoredArtifact>> disks =
        CompletableFuture.completedFuture(new ArrayList<>());
    for (VmConfig.ExtraDisk disk : config.disks()) {
      disks =
          disks.thenCompose(before ->
              find(disk.image(), disk.url())
                  .thenApply(image -> {
                    before.add(image);
                    return before;
                  }));
    }
    return boot.thenCombine(disks, (medium, images) -> new Found(medium, images))
        .thenCombine(
            ports.kernels().choose(config.machine().kernel()),
            (found, kernel) ->
                new VmResult.ArtifactsFetched(
                    attempt, new Holdings.Sources(found.boot(), found.disks(), kernel)));
  }

  private record Found(StoredArtifact boot, List<StoredArtifact> disks) {}

  /**
   * The content that the VM was created with, from the store, or once more from where it came.
   * Other content under the same URL is refused, not booted.
   */
  private CompletionStage<StoredArtifact> find(StoredArtifact wanted, String url) {
    ArtifactStore store = ports.artifacts();
    return store
        .find(wanted.digest())
        .thenCompose(found ->
            found.isPresent()
                ? CompletableFuture.completedFuture(found.get())
                : store.fetch(new ArtifactRef(url, wanted.digest())));
  }

  private CompletionStage<VmResult.FolderPrepared> prepare(Vm vm) {
    int attempt = vm.attempt();
    VmConfig config = vm.config().config();
    Holdings.Sources sources = Objects.requireNonNull(vm.holdings().sources());
    GuestModules modules = GuestModules.of(config, sources.kernel());
    VmSettings.ForGuests forGuests = settings.guests();
    List<WantedDisk> wanted = DiskPlan.of(vm, forGuests.overlayBytes());
    byte[] document =
        BootDocument.of(vm, modules.paths(), settings.stopTimeoutMs(), forGuests.dns());
    String archive =
        switch (config.boot().kind()) {
          case INITRAMFS -> sources.boot().path();
          case ROOTFS -> null;
        };
    return ports
        .folders()
        .prepare(vm.id(), modules.segments(), archive, document)
        .thenCompose(initrd ->
            ports
                .disks()
                .ensure(vm.id(), wanted)
                .thenApply(disks ->
                    new VmResult.FolderPrepared(attempt, new Holdings.Prepared(initrd, disks))));
  }

  private CompletionStage<VmResult.TapReady> raiseTap(Vm vm) {
    int attempt = vm.attempt();
    String tap = vm.id().tapName();
    String bridge = Objects.requireNonNull(vm.holdings().lease()).bridge();
    return ports.taps().ensure(tap, bridge).thenApply(_ -> new VmResult.TapReady(attempt, tap));
  }

  private CompletionStage<VmResult.HypervisorLaunched> launch(Vm vm) {
    int attempt = vm.attempt();
    return ports
        .hypervisor()
        .launch(LaunchSpecs.of(vm, ports.folders().pathOf(vm.id())))
        .thenApply(handle -> new VmResult.HypervisorLaunched(attempt, handle));
  }
}
