package io.volant.fledge.step;

import io.volant.fledge.report.BuildFailure;
import io.volant.fledge.report.ExitCode;
import io.volant.fledge.report.Progress;
import io.volant.fledge.tree.CpioWriter;
import io.volant.fledge.tree.Sha256;
import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;

/** Writes the tree as an initramfs under a temporary name, and notes its checksum. */
final class WriteArchive implements BuildStep {
  private static final int BUFFER_BYTES = 64 * 1024;

  private final Path image;

  WriteArchive(Path image) {
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
                  StandardOpenOption.WRITE);
          Progress.Meter meter = progress.meter("compressed", -1)) {
        CpioWriter.write(
            draft.tree(),
            new BufferedOutputStream(
                new Watched(new DigestOutputStream(file, digest), meter), BUFFER_BYTES));
      }
    } catch (IOException failure) {
      throw new BuildFailure(
          ExitCode.OUTPUT, image + " cannot be written: " + failure.getMessage());
    }
    draft.artifactWritten(Sha256.text(digest.digest()));
    progress.detail(draft.tree().entries().size() + " files, sha256 " + draft.artifactSha256());
  }

  /** Tells how far it is, and stops when the build is stopped. */
  private static final class Watched extends FilterOutputStream {
    private final Progress.Meter meter;

    Watched(OutputStream output, Progress.Meter meter) {
      super(output);
      this.meter = meter;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      if (Thread.currentThread().isInterrupted()) {
        throw new InterruptedIOException("the build was stopped");
      }
      out.write(bytes, offset, length);
      meter.advance(length);
    }
  }
}
