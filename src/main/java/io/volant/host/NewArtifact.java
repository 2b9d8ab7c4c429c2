package io.volant.host;

import io.volant.artifact.ArtifactRef;
import io.volant.artifact.ArtifactStore;
import io.volant.artifact.DiskFormat;
import io.volant.artifact.StoredImage;
import io.volant.plugin.PluginArtifact;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A further file that a plugin shall have.
 *
 * @param version of the plugin
 * @param name unique in that version
 * @param kind what it is, in the caller's words
 * @param source where it comes from
 * @param format to look at its header as; null: it is not looked at
 */
public record NewArtifact(
    String version, String name, String kind, ArtifactRef source, @Nullable DiskFormat format) {

  /** The file in the store, or a failure with {@link io.volant.artifact.ArtifactException}. */
  CompletionStage<PluginArtifact> fetch(ArtifactStore store) {
    return store
        .fetch(source)
        .thenCompose(stored ->
            format == null
                ? CompletableFuture.completedFuture(stored)
                : store.inspect(stored, format).thenApply(StoredImage::artifact))
        .thenApply(stored -> new PluginArtifact(version, name, kind, source.url(), format, stored));
  }
}
