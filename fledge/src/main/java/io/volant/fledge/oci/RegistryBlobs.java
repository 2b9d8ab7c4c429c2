package io.volant.fledge.oci;

import io.volant.fledge.report.BuildFailure;
import io.volant.fledge.report.Progress;
import java.nio.file.Files;
import java.nio.file.Path;

/** The images of a registry, as far as possible from the cache. */
final class RegistryBlobs implements BlobStore {
  private final RegistryClient client;
  private final ImageCache cache;
  private final Progress progress;

  RegistryBlobs(RegistryClient client, ImageCache cache, Progress progress) {
    this.client = client;
    this.cache = cache;
    this.progress = progress;
  }

  /** What the name stands for. A digest stands for the same for ever, a tag is looked up. */
  byte[] top(RegistryName name, String where) throws BuildFailure {
    Digest digest = name.digest();
    if (digest == null) {
      byte[] bytes = client.manifest(name.tag(), where);
      cache.keep(Digest.of(bytes), bytes);
      return bytes;
    }
    byte[] cached = cached(digest, where);
    if (cached != null) {
      return cached;
    }
    byte[] bytes = BlobStore.checked(client.manifest(digest.toString(), where), digest, where);
    cache.keep(digest, bytes);
    return bytes;
  }

  @Override
  public byte[] document(Descriptor descriptor, int most, String where) throws BuildFailure {
    Digest digest = descriptor.digest();
    byte[] cached = cached(digest, where);
    if (cached != null) {
      return cached;
    }
    boolean isManifest = most == ImageDocument.BYTES_MAX;
    byte[] bytes =
        BlobStore.checked(
            isManifest
                ? client.manifest(digest.toString(), where)
                : client.document(digest, most, where),
            descriptor,
            where);
    cache.keep(digest, bytes);
    return bytes;
  }

  private byte @org.jspecify.annotations.Nullable [] cached(Digest digest, String where)
      throws BuildFailure {
    byte[] cached = cache.document(digest);
    if (cached != null) {
      progress.detail(where + " is in the cache");
    }
    return cached;
  }

  @Override
  public LayerPlan layer(Descriptor descriptor, Digest diffId) {
    Digest digest = descriptor.digest();
    Path file = cache.blob(digest);
    boolean fetched = Files.exists(file);
    return new LayerPlan(
        digest.toString(),
        digest,
        descriptor.sizeBytes(),
        diffId,
        !fetched,
        fetched
            ? () -> Files.newInputStream(file)
            : () -> client.blob(digest, descriptor.sizeBytes()));
  }
}
