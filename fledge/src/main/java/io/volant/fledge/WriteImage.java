package io.volant.fledge;

import io.volant.fledge.report.BuildFailure;
import io.volant.fledge.report.ExitCode;
import io.volant.fledge.report.Progress;
import io.volant.fledge.tree.CpioWriter;
import io.volant.fledge.tree.Sha256;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;

/** Writes the tree as an image under a temporary name, and notes its checksum. */
final class WriteImage implements BuildStep {
  private static final int BUFFER_BYTES = 64 * 1024;

  private final Path image;

  WriteImage(Path image) {
    this.image = image;
  }

  @Override
  public String title() {
    return "write " + image.getFileName();
  }

  @Override
  public void run(Draft draft, Progress progress) throws BuildFailure {
    MessageDigest digest = Sha256.digest();
    try {
      Files.createDirectories(image.toAbsolutePath().getParent());
      Path temporary = draft.temporaryFor(image);
      try (OutputStream file =
          Files.newOutputStream(
              temporary,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        CpioWriter.write(
            draft.tree(),
            new BufferedOutputStream(new DigestOutputStream(file, digest), BUFFER_BYTES));
      }
    } catch (IOException failure) {
      throw new BuildFailure(
          ExitCode.OUTPUT, image + " cannot be written: " + failure.getMessage());
    }
    draft.imageWritten(Sha256.text(digest.digest()));
    progress.detail(draft.tree().entries().size() + " files, sha256 " + draft.imageSha256());
  }
}
