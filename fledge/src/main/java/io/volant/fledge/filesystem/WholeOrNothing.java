package io.volant.fledge.filesystem;

import io.volant.fledge.report.BuildFailure;
import io.volant.fledge.report.ExitCode;
import io.volant.fledge.report.OneLine;
import io.volant.fledge.report.Progress;
import io.volant.fledge.tree.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Removes what another writer has left of an image when it fails. */
record WholeOrNothing(FilesystemWriter writer) implements FilesystemWriter {
  @Override
  public void write(FileTree tree, Path image, Path scratch, Progress progress)
      throws BuildFailure {
    boolean isWhole = false;
    try {
      Files.deleteIfExists(image);
      writer.write(tree, image.toAbsolutePath(), scratch.toAbsolutePath(), progress);
      isWhole = true;
    } catch (IOException failure) {
      throw failure(image, failure);
    } finally {
      if (!isWhole) {
        remove(image, progress);
      }
    }
  }

  private static void remove(Path image, Progress progress) {
    try {
      Files.deleteIfExists(image);
    } catch (IOException failure) {
      progress.warning(image + " is not whole and cannot be removed: " + failure.getMessage());
    }
  }

  /** What to say when the disk does not do its part. */
  static BuildFailure failure(Path image, IOException failure) {
    return new BuildFailure(
        ExitCode.OUTPUT, image + " cannot be written: " + OneLine.of(failure.toString()));
  }
}
