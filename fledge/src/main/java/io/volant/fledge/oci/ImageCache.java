package io.volant.fledge.oci;

import io.volant.fledge.report.BuildFailure;
import io.volant.fledge.report.ExitCode;
import io.volant.fledge.report.OneLine;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What has been fetched, by digest. A file has its final name only once it is whole and checked, so
 * several builds may use one cache at once, and a build that dies leaves nothing that counts.
 *
 * <pre>
 * blobs/sha256/HEX        manifests, configurations and layers as they came
 * layers/sha256/HEX.tar   layers without compression, by their diff id
 * partial/                what is being fetched
 * </pre>
 */
final class ImageCache {
  /** No layer takes so long; what is older was left by a build that died. */
  private static final Duration PARTIAL_AGE_MAX = Duration.ofDays(1);

  private static final String ONLY_FOR_OWNER = "rwx------";

  private final Path root;

  ImageCache(Path root) {
    this.root = root;
  }

  /** {@code FLEDGE_CACHE}, or {@code fledge} in the user's cache folder. */
  static ImageCache ofHost(Map<String, String> environment) {
    String own = environment.getOrDefault("FLEDGE_CACHE", "");
    if (!own.isEmpty()) {
      return new ImageCache(Path.of(own).toAbsolutePath());
    }
    String shared = environment.getOrDefault("XDG_CACHE_HOME", "");
    if (shared.startsWith("/")) { // its specification says to ignore others
      return new ImageCache(Path.of(shared, "fledge"));
    }
    String home = environment.getOrDefault("HOME", System.getProperty("user.home"));
    return new ImageCache(Path.of(home, ".cache", "fledge").toAbsolutePath());
  }

  /** Makes the folders, and clears away what builds that died have left. */
  void prepare() throws BuildFailure {
    try {
      var permissions =
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(ONLY_FOR_OWNER));
      for (Path folder : new Path[] {blobs(), layers(), partial()}) {
        Files.createDirectories(folder, permissions);
      }
      removeStale();
    } catch (IOException failure) {
      throw failure(failure);
    }
  }

  private void removeStale() throws IOException {
    FileTime oldest = FileTime.from(Instant.now().minus(PARTIAL_AGE_MAX));
    try (DirectoryStream<Path> files = Files.newDirectoryStream(partial())) {
      for (Path file : files) {
        removeIfOlder(file, oldest);
      }
    }
  }

  private static void removeIfOlder(Path file, FileTime oldest) throws IOException {
    try {
      if (Files.getLastModifiedTime(file).compareTo(oldest) < 0) {
        Files.deleteIfExists(file);
      }
    } catch (NoSuchFileException gone) {
      // another build has finished with it
    }
  }

  private Path blobs() {
    return root.resolve("blobs/sha256");
  }

  private Path layers() {
    return root.resolve("layers/sha256");
  }

  private Path partial() {
    return root.resolve("partial");
  }

  /** Where something is, or will be, as it came. */
  Path blob(Digest digest) {
    return blobs().resolve(digest.hex());
  }

  /** Where a layer is, or will be, without compression. */
  Path layer(Digest diffId) {
    return layers().resolve(diffId.hex() + ".tar");
  }

  /** A new empty file. */
  TemporaryFile temporary() throws IOException {
    return new TemporaryFile(Files.createTempFile(partial(), "fetch-", ".tmp"));
  }

  /** A manifest or configuration that is there and whole; null otherwise. */
  byte @Nullable [] document(Digest digest) throws BuildFailure {
    Path file = blob(digest);
    try {
      if (!Files.exists(file) || Files.size(file) > ConfigDocument.BYTES_MAX) {
        return null;
      }
      byte[] bytes = Files.readAllBytes(file);
      return Digest.of(bytes).equals(digest) ? bytes : null;
    } catch (IOException failure) {
      throw failure(failure);
    }
  }

  /** Keeps a manifest or configuration. */
  void keep(Digest digest, byte[] document) throws BuildFailure {
    try (TemporaryFile file = temporary()) {
      Files.write(file.path(), document);
      file.moveTo(blob(digest));
    } catch (IOException failure) {
      throw failure(failure);
    }
  }

  /** The cache itself does not work. */
  BuildFailure failure(IOException failure) {
    return new BuildFailure(
        ExitCode.OUTPUT,
        OneLine.of(
            "the image cache "
                + root
                + " cannot be used ("
                + failure
                + "); FLEDGE_CACHE may name another folder"));
  }
}
