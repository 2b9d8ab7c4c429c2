package io.volant.host;

import io.volant.artifact.ArtifactException;
import io.volant.artifact.ArtifactRef;
import io.volant.artifact.ArtifactStore;
import io.volant.artifact.StoredArtifact;
import io.volant.artifact.StoredImage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * What a plugin or a VM is made of, in the store.
 *
 * @param boot the boot medium; its file system is known only of a root file system
 * @param disks the further disks, in the manifest's order
 */
record Media(StoredImage boot, List<StoredImage> disks) {

  /** One of them cannot be had. */
  static final class MediaException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient MediaPlan.Item item;
    private final ArtifactException why;

    MediaException(MediaPlan.Item item, ArtifactException why) {
      super(why);
      this.item = item;
      this.why = why;
    }

    MediaPlan.Item item() {
      return item;
    }

    ArtifactException why() {
      return why;
    }
  }

  Media {
    disks = List.copyOf(disks);
  }

  /**
   * Fetches what is planned, one after the other, and looks at the disk images.
   *
   * @return all of it, or a failure with {@link MediaException}
   */
  static CompletionStage<Media> fetch(ArtifactStore store, MediaPlan plan) {
    CompletionStage<List<StoredImage>> disks = CompletableFuture.completedFuture(new ArrayList<>());
    CompletionStage<StoredImage> boot = fetch(store, plan.boot());
    for (MediaPlan.Item item : plan.disks()) {
      disks =
          disks.thenCompose(before ->
              fetch(store, item)
                  .thenApply(image -> {
                    before.add(image);
                    return before;
                  }));
    }
    return boot.thenCombine(disks, Media::new);
  }

  private static CompletionStage<StoredImage> fetch(ArtifactStore store, MediaPlan.Item item) {
    return stored(store, item)
        .thenCompose(artifact ->
            item.format() == null
                ? CompletableFuture.completedFuture(new StoredImage(artifact, null))
                : store.inspect(artifact, item.format()))
        .thenApply(image -> checked(item, image))
        .exceptionallyCompose(failure ->
            CompletableFuture.failedFuture(
                new MediaException(item, Refusals.artifactException(failure))));
  }

  private static CompletionStage<StoredArtifact> stored(ArtifactStore store, MediaPlan.Item item) {
    StoredArtifact known = item.known();
    if (known == null) {
      return store.fetch(item.source());
    }
    return item.format() == null
        ? CompletableFuture.completedFuture(known)
        : store
            .find(known.digest())
            .thenCompose(found ->
                found.isPresent()
                    ? CompletableFuture.completedFuture(found.get())
                    : store.fetch(new ArtifactRef(item.source().url(), known.digest())));
  }

  private static StoredImage checked(MediaPlan.Item item, StoredImage image) {
    String said = item.fileSystem();
    String looks = image.fileSystem();
    if (said != null && looks != null && !said.equals(looks)) {
      throw new ArtifactException(
          ArtifactException.Kind.UNUSABLE, "is said to be " + said + ", and looks like " + looks);
    }
    return said == null ? image : new StoredImage(image.artifact(), said);
  }
}
