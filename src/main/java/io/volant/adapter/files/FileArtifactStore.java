package io.volant.adapter.files;

import static io.volant.artifact.ArtifactException.Kind.CHECKSUM_MISMATCH;
import static io.volant.artifact.ArtifactException.Kind.UNAVAILABLE;
import static io.volant.artifact.ArtifactException.Kind.UNUSABLE;

import io.volant.artifact.ArtifactException;
import io.volant.artifact.ArtifactRef;
import io.volant.artifact.ArtifactStore;
import io.volant.artifact.DiskFormat;
import io.volant.artifact.StoredArtifact;
import io.volant.artifact.StoredImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The store as a folder: {@code sha256/<aa>/<hex>}. A file gets its name only when it is whole,
 * verified and on the disk; until then it is in {@code incoming}, where nothing survives a start of
 * the daemon.
 */
public final class FileArtifactStore implements ArtifactStore, AutoCloseable {

  private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");
  private static final String ALGORITHM = "sha256:";

  /** Two requests for the same thing: the same URL and the same promise about the content. */
  private record Wanted(String url, @Nullable String digest) {}

  private final ArtifactStoreSettings settings;
  private final Path incoming;
  private final Path stored;
  private final Executor blocking;
  private final Semaphore fetches;
  private final ArtifactSource source;
  private final ConcurrentMap<Wanted, CompletableFuture<StoredArtifact>> underWay =
      new ConcurrentHashMap<>();

  /**
   * Opens the store and throws away what an earlier daemon left unfinished. Only one daemon may use
   * the folder ({@link HomeLock}).
   *
   * @param blocking runs what waits for disk and network: one thread for each fetch
   * @throws IOException if the store's folders cannot be made
   */
  public FileArtifactStore(ArtifactStoreSettings settings, Executor blocking) throws IOException {
    this.settings = settings;
    this.blocking = blocking;
    this.incoming = settings.folder().resolve("incoming");
    this.stored = settings.folder().resolve("sha256");
    this.fetches = new Semaphore(settings.fetchesMax());
    Files.createDirectories(incoming);
    Files.createDirectories(stored);
    sweep(incoming);
    this.source = new ArtifactSource(settings);
  }

  @Override
  public CompletionStage<StoredArtifact> fetch(ArtifactRef ref) {
    Wanted wanted;
    try {
      wanted = new Wanted(ref.url(), digestOf(ref));
    } catch (ArtifactException e) {
      return CompletableFuture.failedFuture(e);
    }
    CompletableFuture<StoredArtifact> mine = new CompletableFuture<>();
    CompletableFuture<StoredArtifact> earlier = underWay.putIfAbsent(wanted, mine);
    if (earlier != null) {
      return earlier.copy();
    }
    blocking.execute(() -> {
      try {
        StoredArtifact artifact = fetchNow(wanted);
        underWay.remove(wanted);
        mine.complete(artifact);
      } catch (Throwable e) {
        underWay.remove(wanted);
        mine.completeExceptionally(explained(wanted.url(), e));
      }
    });
    return mine.copy();
  }

  @Override
  public CompletionStage<Optional<StoredArtifact>> find(String digest) {
    if (!DIGEST.matcher(digest).matches()) {
      return CompletableFuture.completedFuture(Optional.empty());
    }
    return CompletableFuture.supplyAsync(() -> findNow(digest), blocking);
  }

  @Override
  public CompletionStage<StoredImage> inspect(StoredArtifact artifact, DiskFormat format) {
    return CompletableFuture.supplyAsync(() -> inspectNow(artifact, format), blocking);
  }

  @Override
  public void close() {
    source.close();
  }

  private StoredArtifact fetchNow(Wanted wanted) throws IOException, InterruptedException {
    if (wanted.digest() != null) {
      // Known content is not read again, wherever it is said to come from.
      Optional<StoredArtifact> there = findNow(wanted.digest());
      if (there.isPresent()) {
        return there.get();
      }
    }
    fetches.acquire();
    try (InputStream content = source.open(wanted.url());
        IncomingFile file = IncomingFile.in(incoming)) {
      String url = ArtifactSource.display(wanted.url());
      String digest = file.receive(content, settings.bytesMax(), url);
      if (wanted.digest() != null && !wanted.digest().equals(digest)) {
        throw new ArtifactException(
            CHECKSUM_MISMATCH,
            url + " has the checksum sha256:" + digest + ", expected sha256:" + wanted.digest());
      }
      Optional<StoredArtifact> there = findNow(digest);
      if (there.isPresent()) {
        return there.get();
      }
      Path path = pathOf(digest);
      long sizeBytes = file.keepAs(path);
      return new StoredArtifact(digest, path.toString(), sizeBytes);
    } finally {
      fetches.release();
    }
  }

  private Optional<StoredArtifact> findNow(String digest) {
    Path path = pathOf(digest);
    try {
      BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
      return attributes.isRegularFile()
          ? Optional.of(new StoredArtifact(digest, path.toString(), attributes.size()))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static StoredImage inspectNow(StoredArtifact artifact, DiskFormat format) {
    try {
      ImageHeader header = ImageHeader.read(Path.of(artifact.path()));
      String problem = header.problem(format);
      if (problem != null) {
        throw new ArtifactException(UNUSABLE, problem);
      }
      return new StoredImage(artifact, format == DiskFormat.RAW ? header.fileSystem() : null);
    } catch (IOException e) {
      throw new ArtifactException(
          UNAVAILABLE, "cannot read " + artifact.path() + ": " + FileFailures.describe(e));
    }
  }

  private Path pathOf(String digest) {
    return stored.resolve(digest.substring(0, 2)).resolve(digest);
  }

  private static @Nullable String digestOf(ArtifactRef ref) {
    String checksum = ref.checksum();
    if (checksum == null) {
      return null;
    }
    String hex = checksum.strip().toLowerCase(Locale.ROOT);
    if (hex.startsWith(ALGORITHM)) {
      hex = hex.substring(ALGORITHM.length());
    }
    if (!DIGEST.matcher(hex).matches()) {
      throw new ArtifactException(
          CHECKSUM_MISMATCH,
          "the checksum \""
              + checksum
              + "\" of "
              + ArtifactSource.display(ref.url())
              + " is not one: allowed is sha256:<64 hex digits>");
    }
    return hex;
  }

  private static ArtifactException explained(String url, Throwable failure) {
    return switch (failure) {
      case ArtifactException known -> known;
      case IOException io ->
          new ArtifactException(
              UNAVAILABLE,
              "cannot fetch " + ArtifactSource.display(url) + ": " + FileFailures.describe(io));
      default ->
          new ArtifactException(
              UNAVAILABLE, "cannot fetch " + ArtifactSource.display(url) + ": " + failure);
    };
  }

  private static void sweep(Path incoming) throws IOException {
    try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(incoming)) {
      for (Path leftover : leftovers) {
        Files.deleteIfExists(leftover);
      }
    }
  }
}
