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
}
