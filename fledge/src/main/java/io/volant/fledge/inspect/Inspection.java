package io.volant.fledge.inspect;

import io.volant.fledge.report.BuildFailure;
import io.volant.fledge.report.ExitCode;
import io.volant.fledge.tree.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.function.Consumer;

/**
 * An artifact as a whole. What is in it comes separately, because there may be much.
 *
 * @param file the artifact
 * @param kind what it is
 * @param sizeBytes how large it is
 * @param sha256 its checksum
 */
public record Inspection(Path file, ArtifactKind kind, long sizeBytes, String sha256) {
  private static final int BUFFER_BYTES = 1024 * 1024;

  /** Looks at a file as a whole. */
  public static Inspection of(Path file) throws BuildFailure {
    ArtifactKind kind = ArtifactKind.of(file);
    MessageDigest digest = Sha256.digest();
    try (InputStream input = Files.newInputStream(file)) {
      long sizeBytes = 0;
      byte[] buffer = new byte[BUFFER_BYTES];
      for (int count = input.read(buffer); count >= 0; count = input.read(buffer)) {
        digest.update(buffer, 0, count);
        sizeBytes += count;
      }
      return new Inspection(file, kind, sizeBytes, Sha256.text(digest.digest()));
    } catch (IOException failure) {
      throw new BuildFailure(ExitCode.INPUT, file + " cannot be read: " + failure.getMessage());
    }
  }

  /** Tells each file that is in it, but none of a manifest. */
  public void list(Consumer<ListedFile> files) throws BuildFailure {
    switch (kind) {
      case INITRAMFS -> new CpioLister().list(file, files);
      case SQUASHFS -> new SquashfsLister().list(file, files);
      case EXT4 -> new Ext4Lister().list(file, files);
      case EROFS -> new ErofsLister().list(file, files);
      case XFS, BTRFS ->
          throw new BuildFailure(
              ExitCode.INPUT,
              "what is in "
                  + kind.word()
                  + " cannot be listed without mounting it; mount "
                  + file
                  + " read-only to look");
      case MANIFEST -> {
        // It is a document and no container.
      }
    }
  }
}
