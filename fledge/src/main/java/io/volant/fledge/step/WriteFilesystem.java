package io.volant.fledge.step;

import io.volant.fledge.filesystem.FilesystemOptions;
import io.volant.fledge.report.BuildFailure;
import io.volant.fledge.report.ExitCode;
import io.volant.fledge.report.Progress;
import io.volant.fledge.tree.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;

/** Writes the tree as a root file system under a temporary name, and notes its checksum. */
final class WriteFilesystem implements BuildStep {
  private static final int BUFFER_BYTES = 1024 * 1024;

  private final FilesystemOptions options;
  private final Path image;
  private final Filesystems filesystems;

  WriteFilesystem(FilesystemOptions options, Path image, Filesystems filesystems) {
    this.options = options;
    this.image = image;
    this.filesystems = filesystems;
  }

  @Override
  public String title() {
    return "write " + image.getFileName() + " as " + options.type().word();
  }

  @Override
  public void run(Draft draft, Progress progress) throws BuildFailure {
    try {
      Files.createDirectories(image.toAbsolutePath().getParent());
      Path temporary = draft.temporaryFor(image);
      filesystems
          .writer(options)
          .write(draft.tree(), temporary, draft.scratch("filesystem"), progress);
      draft.artifactWritten(checksum(temporary, progress));
    } catch (IOException failure) {
      throw new BuildFailure(
          ExitCode.OUTPUT, image + " cannot be written: " + failure.getMessage());
    }
    progress.detail(draft.tree().entries().size() + " files, sha256 " + draft.artifactSha256());
  }

  private static String checksum(Path file, Progress progress) throws IOException {
    MessageDigest digest = Sha256.digest();
    try (InputStream input = Files.newInputStream(file);
        Progress.Meter meter = progress.meter("checksum", Files.size(file))) {
      byte[] buffer = new byte[BUFFER_BYTES];
      for (int count = input.read(buffer); count >= 0; count = input.read(buffer)) {
        digest.update(buffer, 0, count);
        meter.advance(count);
      }
    }
    return Sha256.text(digest.digest());
  }
}
