package io.volant.fledge.filesystem;

import io.volant.fledge.report.BuildFailure;
import io.volant.fledge.report.ExitCode;
import io.volant.fledge.report.Progress;
import io.volant.fledge.tool.Tool;
import io.volant.fledge.tool.ToolCall;
import io.volant.fledge.tool.Tools;
import io.volant.fledge.tree.FileTree;
import io.volant.fledge.tree.TarWriter;
import io.volant.fledge.tree.TreeEntry;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Unpacks a tar into a folder and has mkfs.btrfs copy it, with the owners that the files have
 * there: only root can do that. btrfs puts times and random numbers into an image, so two builds
 * differ, and a hard link becomes a file of its own.
 */
record BtrfsWriter(FilesystemOptions options, Tools tools, boolean isRoot)
    implements FilesystemWriter {
  private static final long MIB = 1024 * 1024;
  private static final int BUFFER_BYTES = 1 << 18;

  /** What mkfs.btrfs wants at least, and room for a first chunk of each kind. */
  private static final long FIXED_MIB = 256;

  private static final long ENTRY_BYTES = 4096;
  private static final int PARTS_MORE = 8;

  @Override
  public void write(FileTree tree, Path image, Path scratch, Progress progress)
      throws BuildFailure {
    if (!isRoot) {
      throw new BuildFailure(
          ExitCode.INPUT,
          "btrfs images can be written by root only: run fledge as root, or use squashfs, erofs or"
              + " ext4");
    }
    Tool mkfs = tools.find("mkfs.btrfs", "btrfs-progs");
    Tool tar = tools.find("tar", "tar");
    Preallocation preallocation = Preallocation.of(options, tools);
    long bytes = (contentMib(tree) + FIXED_MIB + options.sizeBufferMib()) * MIB;
    Path stage = scratch.resolve("stage");
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      // Nobody else may come near programs of other owners: the folder in between is the user's.
      Files.setPosixFilePermissions(scratch, PosixFilePermissions.fromString("rwx------"));
      Files.createDirectory(stage);
      file.setLength(bytes);
    } catch (IOException failure) {
      throw WholeOrNothing.failure(image, failure);
    }
    unpack(tar, stage).feed(output -> writeTar(tree, output)).run(ExitCode.OUTPUT);
    mkfs.call(
            "-q",
            "-f",
            "-m",
            "single",
            "-U",
            Fixed.UUID,
            "--rootdir",
            stage.toString(),
            image.toString())
        .isolated()
        .run(ExitCode.OUTPUT);
    preallocation.run(image, bytes);
  }

  private static ToolCall unpack(Tool tar, Path stage) {
    return tar.call(
            "--extract",
            "--file=-",
            "--preserve-permissions",
            "--same-owner",
            "--numeric-owner",
            "--xattrs",
            "--xattrs-include=*",
            "--directory=" + stage)
        .isolated();
  }

  private static void writeTar(FileTree tree, OutputStream output) throws IOException {
    BufferedOutputStream buffer = new BufferedOutputStream(output, BUFFER_BYTES);
    TarWriter.write(tree, buffer);
    buffer.flush();
  }

  private static long contentMib(FileTree tree) {
    long bytes = 0;
    for (TreeEntry entry : tree.entries().values()) {
      bytes += ENTRY_BYTES;
      bytes += entry instanceof TreeEntry.File(_, var content, _) ? content.sizeBytes() : 0;
    }
    return (bytes + bytes / PARTS_MORE) / MIB + 1;
  }
}
