package io.volant.fledge.oci;

import io.volant.fledge.report.BuildFailure;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Where an image is. {@link Object#toString()} of each gives it as it was written. */
public sealed interface ImageReference {

  /**
   * Reads a reference: {@code docker://HOST/NAME:TAG}, {@code NAME:TAG} as Docker understands it,
   * {@code oci:FOLDER:TAG}, {@code docker-archive:FILE:TAG} or {@code docker-daemon:NAME:TAG}. Tags
   * may be left away; a registry's name may end in {@code @sha256:…} instead.
   *
   * @param folder where relative files and folders are seen from
   * @throws BuildFailure with the rule that the text breaks
   */
  static ImageReference parse(String written, Path folder) throws BuildFailure {
    return new ReferenceReader(written, folder).read();
  }

  /** In a registry. */
  record Registry(String written, RegistryName name) implements ImageReference {
    @Override
    public String toString() {
      return written;
    }
  }

  /** In a folder with the OCI image layout. Without a tag there must be one image only. */
  record Layout(String written, Path folder, @Nullable String tag) implements ImageReference {
    @Override
    public String toString() {
      return written;
    }
  }

  /** In a file that {@code docker save} wrote. Without a tag there must be one image only. */
  record Archive(String written, Path file, @Nullable String tag) implements ImageReference {
    @Override
    public String toString() {
      return written;
    }
  }

  /** Among those of the Docker or Podman of this machine. */
  record Daemon(String written, String name) implements ImageReference {
    @Override
    public String toString() {
      return written;
    }
  }
}
