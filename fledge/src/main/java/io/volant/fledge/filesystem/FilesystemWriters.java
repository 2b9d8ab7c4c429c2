package io.volant.fledge.filesystem;

import io.volant.fledge.tool.Tools;

/** Chooses who writes a file system. */
public final class FilesystemWriters {
  private FilesystemWriters() {}

  /** The writer for these options. It leaves no image behind when it fails. */
  public static FilesystemWriter of(FilesystemOptions options, Tools tools) {
    return new WholeOrNothing(
        switch (options.type()) {
          case SQUASHFS -> new SquashfsWriter(options, tools);
          case EROFS -> new ErofsWriter();
          case EXT4 -> new Ext4Writer(options, tools);
          case XFS -> new XfsWriter(options, tools);
          case BTRFS ->
              new BtrfsWriter(options, tools, "root".equals(System.getProperty("user.name")));
        });
  }
}
