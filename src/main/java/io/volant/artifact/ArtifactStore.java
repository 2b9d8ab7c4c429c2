package io.volant.artifact;

import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Content-addressed store of boot media. */
public interface ArtifactStore {

  /**
   * Fetches what {@code ref} names, unless it is there. Concurrent requests for the same content
   * fetch once; a download that breaks leaves nothing behind.
   *
   * @return the stored artifact, or a failure with {@link ArtifactException}
   */
  CompletionStage<StoredArtifact> fetch(ArtifactRef ref);

  /** The artifact with this digest, if the store has it. Looks at the file's presence only. */
  CompletionStage<Optional<StoredArtifact>> find(String digest);

  /**
   * Looks at the header of a disk image, and refuses one that would have the host open other files:
   * a qcow2 with a backing file or with its data elsewhere.
   *
   * @param format what the image is said to be
   * @return the image, or a failure with {@link ArtifactException}
   */
  CompletionStage<StoredImage> inspect(StoredArtifact artifact, DiskFormat format);
}
