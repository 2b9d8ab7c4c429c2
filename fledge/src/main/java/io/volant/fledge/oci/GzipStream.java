package io.volant.fledge.oci;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Decompresses gzip with any number of members, to the end of the source. Java's own stream asks
 * the source what is available to know whether another member follows, which a network cannot say.
 */
final class GzipStream extends InputStream {
  private static final int INPUT_BYTES = 128 * 1024;
  private static final int BYTE = 0xFF;
  private static final int MAGIC_1 = 0x1F;
  private static final int MAGIC_2 = 0x8B;
  private static final int DEFLATE = 8;
  private static final int HEADER_CHECKSUM = 2;
  private static final int EXTRA = 4;
  private static final int NAME = 8;
  private static final int COMMENT = 16;
  private static final int RESERVED = 0xE0;

  /** Time, extra flags and operating system, which nobody needs. */
  private static final int IGNORED_BYTES = 6;

  private final InputStream source;
  private final Inflater inflater = new Inflater(true);
  private final CRC32 checksum = new CRC32();
  private final byte[] input = new byte[INPUT_BYTES];
  private int position;
  private int limit;
  private boolean inMember;

  GzipStream(InputStream source) {
    this.source = source;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & BYTE;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, target.length);
    if (length == 0) {
      return 0;
    }
    try {
      while (true) {
        if (!inMember && !beginMember()) {
          return -1;
        }
        int count = inflater.inflate(target, offset, length);
        if (count > 0) {
          checksum.update(target, offset, count);
          return count;
        }
        if (inflater.finished()) {
          endMember();
        } else if (inflater.needsDictionary()) {
          throw new CorruptLayerException("is gzip with a dictionary, which does not exist");
        } else if (inflater.needsInput()) {
          feed();
        }
      }
    } catch (DataFormatException broken) {
      throw new CorruptLayerException("is broken gzip: " + broken.getMessage());
    }
  }

  private void feed() throws IOException {
    if (!fill()) {
      throw cutOff();
    }
    inflater.setInput(input, position, limit - position);
    position = limit;
  }

  /** False when there is no more member. */
  private boolean beginMember() throws IOException {
    if (position == limit && !fill()) {
      return false;
    }
    if (next() != MAGIC_1 || next() != MAGIC_2 || next() != DEFLATE) {
      throw new CorruptLayerException("has something after its end that is not gzip");
    }
    int flags = next();
    if ((flags & RESERVED) != 0) {
      throw new CorruptLayerException("is gzip with unknown flags");
    }
    skip(IGNORED_BYTES);
    if ((flags & EXTRA) != 0) {
      skip(next() | (next() << Byte.SIZE));
    }
    if ((flags & NAME) != 0) {
      skipText();
    }
    if ((flags & COMMENT) != 0) {
      skipText();
    }
    if ((flags & HEADER_CHECKSUM) != 0) {
      skip(2);
    }
    inflater.reset();
    inflater.setInput(input, position, limit - position);
    position = limit;
    checksum.reset();
    inMember = true;
    return true;
  }

  private void endMember() throws IOException {
    position = limit - inflater.getRemaining();
    long written = nextNumber();
    long size = nextNumber();
    if (written != checksum.getValue() || size != (inflater.getBytesWritten() & 0xFFFF_FFFFL)) {
      throw new CorruptLayerException("is broken gzip: its checksum is wrong");
    }
    inMember = false;
  }

  private long nextNumber() throws IOException {
    long number = 0;
    for (int i = 0; i < Integer.BYTES; i++) {
      number |= (long) next() << (i * Byte.SIZE);
    }
    return number;
  }

  private void skip(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      next();
    }
  }

  private void skipText() throws IOException {
    int character;
    do {
      character = next();
    } while (character != 0);
  }

  private int next() throws IOException {
    if (position == limit && !fill()) {
      throw cutOff();
    }
    return input[position++] & BYTE;
  }

  private boolean fill() throws IOException {
    position = 0;
    limit = Math.max(0, source.read(input, 0, input.length));
    return limit > 0;
  }

  private static CorruptLayerException cutOff() {
    return new CorruptLayerException("is cut off");
  }

  @Override
  public void close() throws IOException {
    inflater.end();
    source.close();
  }
}
