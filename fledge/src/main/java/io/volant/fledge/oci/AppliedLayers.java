package io.volant.fledge.oci;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * The archives that the files of a tree have their contents in. They stay open until this is
 * closed, so that an image with many files is not one opened file each; contents cannot be read
 * afterwards.
 */
public final class AppliedLayers implements AutoCloseable {
  private final List<FileChannel> channels = new ArrayList<>();

  AppliedLayers() {}

  FileChannel open(Path tar) throws IOException {
    FileChannel channel = FileChannel.open(tar, StandardOpenOption.READ);
    channels.add(channel);
    return channel;
  }

  /** Closes the archives. A second time does nothing. */
  @Override
  public void close() {
    for (FileChannel channel : channels) {
      try {
        channel.close();
      } catch (IOException ignored) {
        // it was only read from
      }
    }
    channels.clear();
  }
}
