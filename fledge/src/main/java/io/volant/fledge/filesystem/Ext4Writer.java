package io.volant.fledge.filesystem;

import io.volant.fledge.report.BuildFailure;
import io.volant.fledge.report.ExitCode;
import io.volant.fledge.report.Progress;
import io.volant.fledge.tool.Tool;
import io.volant.fledge.tool.Tools;
import io.volant.fledge.tree.Attributes;
import io.volant.fledge.tree.FileTree;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes an empty ext4 and fills it with debugfs, which needs no root: it writes inodes with any
 * owner. All is made in the order of the names and at told times, so the same tree gives the same
 * bytes.
 */
record Ext4Writer(FilesystemOptions options, Tools tools) implements FilesystemWriter {
  /** Not left to the host's mke2fs.conf, which is another in each distribution. */
  private static final String FEATURES =
      "none,has_journal,ext_attr,resize_inode,dir_index,filetype,extent,64bit,flex_bg,"
          + "sparse_super,large_file,huge_file,dir_nlink,extra_isize,metadata_csum";

  private static final Pattern ALLOCATED = Pattern.compile("Allocated inode: ([0-9]+)");

  @Override
  public void write(FileTree tree, Path image, Path scratch, Progress progress)
      throws BuildFailure {
    Tool mkfs = tools.find("mkfs.ext4", "e2fsprogs");
    Tool debugfs = tools.find("debugfs", "e2fsprogs");
    Preallocation preallocation = Preallocation.of(options, tools);
    Ext4Size size = Ext4Size.of(tree, options.sizeBufferMib());
    Ext4Script.check(tree);
    make(mkfs, size, image, scratch);
    Ext4Script script = new Ext4Script(tree, new NumberedFiles(scratch));
    fill(debugfs, script, image, scratch);
    preallocation.run(image, size.bytes());
  }

  private static void make(Tool mkfs, Ext4Size size, Path image, Path scratch) throws BuildFailure {
    mkfs.call(
            "-q",
            "-F",
            "-O",
            FEATURES,
            "-b",
            Integer.toString(Ext4Size.BLOCK_BYTES),
            "-I",
            Integer.toString(Ext4Size.INODE_BYTES),
            "-N",
            Long.toString(size.inodes()),
            "-m",
            "0",
            "-J",
            "size=" + size.journalMib(),
            "-U",
            Fixed.UUID,
            "-E",
            "hash_seed=" + Fixed.UUID + ",root_owner=0:0,lazy_itable_init=0,lazy_journal_init=0",
            image.toString(),
            size.bytes() / 1024 + "k")
        .isolated()
        .with("E2FSPROGS_FAKE_TIME", Long.toString(Attributes.FIXED_TIME_S))
        .with("MKE2FS_CONFIG", scratch.resolve("none.conf").toString())
        .run(ExitCode.OUTPUT);
  }

  private static void fill(Tool debugfs, Ext4Script script, Path image, Path scratch)
      throws BuildFailure {
    Numbering numbering = new Numbering();
    debugfs
        .call("-w", "-f", "-", image.toString())
        .isolated()
        .in(scratch)
        .with("E2FSPROGS_FAKE_TIME", Long.toString(Attributes.FIXED_TIME_S))
        .eachLine(numbering::hear)
        .feed(script::write)
        .run(ExitCode.OUTPUT);
    if (!numbering.heard.equals(script.allocated())) {
      throw new BuildFailure(
          ExitCode.OUTPUT,
          "debugfs gives out inodes in another order than the one that fledge knows;"
              + " use squashfs or erofs with this version of e2fsprogs");
    }
  }

  /** Sums up which inodes debugfs says it has given out. */
  private static final class Numbering {
    private Ext4Script.Allocated heard = Ext4Script.Allocated.NONE;

    /** Standard output has one reader, and nothing on the other has this form. */
    private synchronized void hear(String line) {
      Matcher matcher = ALLOCATED.matcher(line);
      if (matcher.matches()) {
        heard = heard.and(Long.parseLong(matcher.group(1)));
      }
    }
  }
}
