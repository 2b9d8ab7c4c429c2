package io.volant.fledge.oci.tar;

import io.volant.fledge.tree.Content;
import java.io.InputStream;
import java.nio.channels.FileChannel;

/** The content of a file that stays in its archive. The channel must be open when it is read. */
public final class TarContent implements Content {
  private final FileChannel channel;
  private final TarBody body;

  /** Of the archive behind the channel. */
  public TarContent(FileChannel channel, TarBody body) {
    this.channel = channel;
    this.body = body;
  }

  @Override
  public long sizeBytes() {
    return body.sizeBytes();
  }

  @Override
  public InputStream open() {
    return body.isWhole()
        ? new SliceStream(channel, body.offset(), body.sizeBytes())
        : new SparseStream(channel, body);
  }
}
