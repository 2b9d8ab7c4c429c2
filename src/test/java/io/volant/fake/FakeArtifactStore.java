package io.volant.fake;

import io.volant.artifact.ArtifactException;
import io.volant.artifact.ArtifactRef;
import io.volant.artifact.ArtifactStore;
import io.volant.artifact.DiskFormat;
import io.volant.artifact.StoredArtifact;
import io.volant.artifact.StoredImage;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * A store whose content is the URL itself. URLs with "missing" in them cannot be fetched, those
 * with "slow" take a while; a checksum must be that of the URL. What is fetched as {@code
 * x.squashfs} looks like that, and an image with "hostile" in its URL is refused.
 */
public final class FakeArtifactStore implements ArtifactStore {

  private static final long SLOW_MS = 1_000;

  private final Map<String, StoredArtifact> stored = new ConcurrentHashMap<>();
  private final Map<String, String> urls = new ConcurrentHashMap<>();

  @Override
  public CompletionStage<StoredArtifact> fetch(ArtifactRef ref) {
    if (ref.url().contains("missing")) {
      return failed(ArtifactException.Kind.UNAVAILABLE, ref.url() + ": no such file");
    }
    String digest = digest(ref.url());
    String checksum = ref.checksum();
    if (checksum != null && !checksum.replace("sha256:", "").equals(digest)) {
      return failed(ArtifactException.Kind.CHECKSUM_MISMATCH, ref.url() + " is " + digest);
    }
    StoredArtifact artifact = new StoredArtifact(digest, "/fake/" + digest, ref.url().length());
    stored.put(digest, artifact);
    urls.put(digest, ref.url());
    return ref.url().contains("slow")
        ? CompletableFuture.supplyAsync(
            () -> artifact, CompletableFuture.delayedExecutor(SLOW_MS, TimeUnit.MILLISECONDS))
        : CompletableFuture.completedFuture(artifact);
  }

  @Override
  public CompletionStage<Optional<StoredArtifact>> find(String digest) {
    return CompletableFuture.completedFuture(Optional.ofNullable(stored.get(digest)));
  }

  @Override
  public CompletionStage<StoredImage> inspect(StoredArtifact artifact, DiskFormat format) {
    String url = urls.getOrDefault(artifact.digest(), "");
    if (url.contains("hostile")) {
      return failed(ArtifactException.Kind.UNUSABLE, "is hostile");
    }
    String ending = url.substring(url.lastIndexOf('.') + 1);
    return CompletableFuture.completedFuture(
        new StoredImage(
            artifact, Set.of("squashfs", "ext4", "xfs").contains(ending) ? ending : null));
  }

  private static <T> CompletionStage<T> failed(ArtifactException.Kind kind, String message) {
    return CompletableFuture.failedFuture(new ArtifactException(kind, message));
  }

  private static String digest(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
