package io.volant.vm;

import io.volant.artifact.ArtifactRef;
import io.volant.artifact.ArtifactStore;
import io.volant.artifact.StoredArtifact;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Gets a VM's boot medium: the content that the VM was created with, from the store, or once more
 * from where it came. Other content under the same URL is refused, not booted.
 */
final class BootFetch {

  private BootFetch() {}

  static CompletionStage<StoredArtifact> of(ArtifactStore store, VmConfig.BootMedium boot) {
    String digest = boot.artifact().digest();
    return store
        .find(digest)
        .thenCompose(found ->
            found.isPresent()
                ? CompletableFuture.completedFuture(found.get())
                : store.fetch(new ArtifactRef(boot.url(), digest)));
  }
}
