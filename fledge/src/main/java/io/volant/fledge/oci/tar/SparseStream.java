package io.volant.fledge.oci.tar;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import java.util.Objects;

/** A file with holes, which come as zeros. */
final class SparseStream extends InputStream {
  private final TarBody body;
  private final SliceStream stored;
  private int piece;
  private long position;

  SparseStream(FileChannel channel, TarBody body) {
    this.body = body;
    this.stored = new SliceStream(channel, body.offset(), body.storedBytes());
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, target.length);
    if (position == body.sizeBytes() || length == 0) {
      return length == 0 ? 0 : -1;
    }
    SparseMap pieces = body.pieces();
    while (piece < pieces.count() && position >= pieces.offset(piece) + pieces.length(piece)) {
      piece++;
    }
    boolean inLastHole = piece == pieces.count();
    long pieceStart = inLastHole ? body.sizeBytes() : pieces.offset(piece);
    int count;
    if (position < pieceStart) {
      count = (int) Math.min(length, pieceStart - position);
      Arrays.fill(target, offset, offset + count, (byte) 0);
    } else {
      long left = pieceStart + pieces.length(piece) - position;
      count = stored.read(target, offset, (int) Math.min(length, left));
    }
    position += count;
    return count;
  }
}
