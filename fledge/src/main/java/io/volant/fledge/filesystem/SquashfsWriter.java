package io.volant.fledge.filesystem;

import io.volant.fledge.report.BuildFailure;
import io.volant.fledge.report.ExitCode;
import io.volant.fledge.report.Progress;
import io.volant.fledge.tool.Tool;
import io.volant.fledge.tool.Tools;
import io.volant.fledge.tree.Attributes;
import io.volant.fledge.tree.FileTree;
import io.volant.fledge.tree.TarWriter;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** Pipes a tar into mksquashfs: nothing stands on the disk in between, and nobody must be root. */
record SquashfsWriter(FilesystemOptions options, Tools tools) implements FilesystemWriter {
  /**
   * Of zstd. Smaller images than gzip's best in a tenth of its time; above 9 every per cent costs
   * several times as long.
   */
  private static final int LEVEL = 6;

  private static final int BUFFER_BYTES = 1 << 18;

  /** It says so about every tar that has its root folder. */
  private static final String ABOUT_THE_ROOT = "Empty tar filename";

  @Override
  public void write(FileTree tree, Path image, Path scratch, Progress progress)
      throws BuildFailure {
    Tool mksquashfs = tools.find("mksquashfs", "squashfs-tools");
    if (!tree.root().extended().isEmpty()) {
      progress.warning("the extended attributes of / are left out: mksquashfs cannot be told them");
    }
    FewWarnings warnings = new FewWarnings("mksquashfs", progress);
    mksquashfs
        .call(arguments(image))
        .isolated()
        .eachLine(line -> {
          if (!line.startsWith(ABOUT_THE_ROOT)) {
            warnings.add(line);
          }
        })
        .feed(input -> writeTar(tree, input))
        .run(ExitCode.OUTPUT);
    try {
      SquashfsRoot.set(image, tree);
    } catch (IOException failure) {
      throw WholeOrNothing.failure(image, failure);
    }
  }

  private static void writeTar(FileTree tree, OutputStream input) throws IOException {
    BufferedOutputStream buffer = new BufferedOutputStream(input, BUFFER_BYTES);
    TarWriter.write(tree, buffer);
    buffer.flush();
  }

  private List<String> arguments(Path image) {
    int level = Objects.requireNonNullElse(options.compressionLevel(), LEVEL);
    return List.of(
        "-",
        image.toString(),
        "-tar",
        "-quiet",
        "-no-progress",
        "-noappend",
        "-comp",
        "zstd",
        "-Xcompression-level",
        Integer.toString(level),
        "-noI", // for SquashfsRoot; costs half a per cent
        "-reproducible",
        "-mkfs-time",
        Long.toString(Attributes.FIXED_TIME_S));
  }
}
