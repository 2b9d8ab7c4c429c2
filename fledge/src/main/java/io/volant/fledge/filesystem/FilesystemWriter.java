package io.volant.fledge.filesystem;

import io.volant.fledge.report.BuildFailure;
import io.volant.fledge.report.Progress;
import io.volant.fledge.tree.FileTree;
import java.nio.file.Path;

/**
 * Writes one kind of file system. The same tree and options give the same bytes, but for xfs and
 * btrfs, whose programs make some up.
 */
public interface FilesystemWriter {
  /**
   * Writes the tree.
   *
   * @param image the file to write; what is there is overwritten
   * @param scratch an empty folder for what must stand on the disk meanwhile; the caller removes it
   * @throws BuildFailure also when a tool is missing, with the package that has it
   */
  void write(FileTree tree, Path image, Path scratch, Progress progress) throws BuildFailure;
}
