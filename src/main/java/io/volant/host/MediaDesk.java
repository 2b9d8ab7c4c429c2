package io.volant.host;

import io.volant.artifact.ArtifactStore;
import io.volant.vm.KernelShelf;
import io.volant.vm.VirtioSlots;
import io.volant.vm.VmConfig;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Gets what plugins and VMs are made of into the store. */
final class MediaDesk {

  private final ArtifactStore store;
  private final KernelShelf kernels;

  MediaDesk(ArtifactStore store, KernelShelf kernels) {
    this.store = store;
    this.kernels = kernels;
  }

  /** A new VM's kernel has no room for its devices. */
  static final class NoRoomException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NoRoomException(String message) {
      super(message);
    }
  }

  /** All that a plugin brings, or a failure with {@link Media.MediaException}. */
  CompletionStage<Media> of(HostCommand.InstallPlugin order) {
    return Media.fetch(store, MediaPlan.of(order.manifest()));
  }

  /** What a new VM is made of, or a failure that {@link Refusals#ofMedia} has words for. */
  CompletionStage<Media> of(VmPlan plan) {
    return Media.fetch(store, plan.media()).thenCompose(media -> checked(plan, media));
  }

  private CompletionStage<Media> checked(VmPlan plan, Media media) {
    VmConfig config = plan.config(media);
    if (VirtioSlots.fitsAll(config)) {
      return CompletableFuture.completedFuture(media);
    }
    return kernels
        .choose(config.machine().kernel())
        .handle((kernel, failure) -> Optional.ofNullable(kernel))
        .thenApply(kernel -> {
          // without a kernel the start fails, and says how to get one
          kernel
              .map(chosen -> VirtioSlots.problem(config, chosen))
              .ifPresent(problem -> {
                throw new NoRoomException(problem);
              });
          return media;
        });
  }
}
