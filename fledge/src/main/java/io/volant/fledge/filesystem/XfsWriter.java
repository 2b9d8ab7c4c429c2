package io.volant.fledge.filesystem;

import io.volant.fledge.report.BuildFailure;
import io.volant.fledge.report.ExitCode;
import io.volant.fledge.report.Progress;
import io.volant.fledge.tool.Tool;
import io.volant.fledge.tool.Tools;
import io.volant.fledge.tree.FileTree;
import io.volant.fledge.tree.TreeEntry;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Has mkfs.xfs fill its file system from a description of the tree, which needs no root. What that
 * cannot say, times and the sticky bit, is set afterwards.
 */
record XfsWriter(FilesystemOptions options, Tools tools) implements FilesystemWriter {
  private static final long MIB = 1024 * 1024;
  private static final int BLOCK_BYTES = 4096;

  /** mkfs.xfs makes none that is smaller. */
  private static final long MIB_MIN = 300;

  /** The log, and the heads of the allocation groups. */
  private static final long FIXED_MIB = 100;

  private static final long INODE_BYTES = 1024;
  private static final int PARTS_MORE = 10;

  @Override
  public void write(FileTree tree, Path image, Path scratch, Progress progress)
      throws BuildFailure {
    Tool mkfs = tools.find("mkfs.xfs", "xfsprogs");
    Tool database = tools.find("xfs_db", "xfsprogs");
    Preallocation preallocation = Preallocation.of(options, tools);
    XfsPrototype prototype = XfsPrototype.of(tree);
    prototype.losses().forEach(progress::warning);
    long mib = Math.max(MIB_MIN, contentMib(tree) + FIXED_MIB + options.sizeBufferMib());
    try {
      stage(prototype, scratch);
    } catch (IOException failure) {
      throw WholeOrNothing.failure(scratch, failure);
    }
    mkfs.call(
            "-q",
            "-m",
            "bigtime=1,uuid=" + Fixed.UUID,
            "-p",
            "prototype",
            "-d",
            "file,size=" + mib + "m,name=" + image)
        .isolated()
        .in(scratch)
        .run(ExitCode.OUTPUT);
    correct(database, prototype, image);
    preallocation.run(image, mib * MIB);
  }

  private static void stage(XfsPrototype prototype, Path scratch) throws IOException {
    try (Writer lines = Files.newBufferedWriter(scratch.resolve("prototype"))) {
      prototype.write(lines, new NumberedFiles(scratch));
    }
  }

  private static void correct(Tool database, XfsPrototype prototype, Path image)
      throws BuildFailure {
    String said =
        database
            .call("-x", image.toString())
            .isolated()
            .with("LC_ALL", "C.UTF-8") // otherwise it does not find names that are not ASCII
            .feed(input -> {
              Writer commands =
                  new BufferedWriter(new OutputStreamWriter(input, StandardCharsets.UTF_8));
              prototype.writeCorrections(commands);
              commands.flush();
            })
            .run(ExitCode.OUTPUT);
    String wrong =
        said.lines()
            .filter(line -> !line.startsWith("core.") && !line.startsWith("v3.") && !line.isBlank())
            .findFirst()
            .orElse("");
    if (!wrong.isEmpty()) {
      throw new BuildFailure(ExitCode.OUTPUT, "xfs_db does not set times: " + wrong);
    }
  }

  private static long contentMib(FileTree tree) {
    long bytes = 0;
    for (TreeEntry entry : tree.entries().values()) {
      bytes += INODE_BYTES;
      bytes += entry instanceof TreeEntry.Folder ? 2 * BLOCK_BYTES : 0;
      if (entry instanceof TreeEntry.File(_, var content, _)) {
        bytes += (content.sizeBytes() + BLOCK_BYTES - 1) / BLOCK_BYTES * BLOCK_BYTES;
      }
    }
    return (bytes + bytes / PARTS_MORE) / MIB + 1;
  }
}
