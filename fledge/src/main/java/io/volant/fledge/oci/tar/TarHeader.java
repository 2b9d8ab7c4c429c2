package io.volant.fledge.oci.tar;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * One header block, in the forms v7, ustar, star and GNU. Fields are read when they are asked for:
 * a broken one that nobody needs does no harm.
 */
final class TarHeader {
  /** Everything in an archive is in blocks of this size. */
  static final int BLOCK_BYTES = 512;

  private static final int NAME_LENGTH = 100;
  private static final int MODE = 100;
  private static final int UID = 108;
  private static final int GID = 116;
  private static final int SMALL_LENGTH = 8;
  private static final int SIZE = 124;
  private static final int TIME = 136;
  private static final int LARGE_LENGTH = 12;
  private static final int CHECKSUM = 148;
  private static final int TYPE = 156;
  private static final int LINK = 157;
  private static final int MAGIC = 257;
  private static final int MAJOR = 329;
  private static final int MINOR = 337;
  private static final int PREFIX = 345;
  private static final int PREFIX_LENGTH = 155;
  private static final int STAR_PREFIX_LENGTH = 131;
  private static final int STAR_MARK = 508;
  private static final int SPARSE = 386;
  private static final int SPARSE_PIECES = 4;
  private static final int SPARSE_MORE = 482;
  private static final int SPARSE_SIZE = 483;
  private static final int EXTENSION_PIECES = 21;
  private static final int EXTENSION_MORE = 504;
  private static final int BYTE = 0xFF;

  private enum Form {
    V7,
    USTAR,
    STAR,
    GNU
  }

  private final byte[] block;
  private final Form form;

  /** Checks the checksum, by which a header is told from anything else. */
  TarHeader(byte[] block) throws TarFormatException {
    this.block = block;
    this.form = formOf(block);
    long written = checksum(block);
    long unsigned = 0;
    long signed = 0;
    for (int i = 0; i < BLOCK_BYTES; i++) {
      byte value = i >= CHECKSUM && i < CHECKSUM + SMALL_LENGTH ? (byte) ' ' : block[i];
      unsigned += value & BYTE;
      signed += value;
    }
    // Some old programs summed signed characters.
    if (written < 0 || (written != unsigned && written != signed)) {
      throw new TarFormatException("has a header with a wrong checksum, so it is not a tar");
    }
  }

  /** -1, which no sum is, when there is no number. */
  private static long checksum(byte[] block) {
    try {
      return TarFields.number(block, CHECKSUM, SMALL_LENGTH);
    } catch (TarFormatException notANumber) {
      return -1;
    }
  }

  private static Form formOf(byte[] block) {
    String magic = new String(block, MAGIC, SMALL_LENGTH, StandardCharsets.ISO_8859_1);
    if (magic.equals("ustar  \0")) {
      return Form.GNU;
    }
    if (!magic.startsWith("ustar\0")) {
      return Form.V7;
    }
    String end = new String(block, STAR_MARK, 4, StandardCharsets.ISO_8859_1);
    return end.equals("tar\0") ? Form.STAR : Form.USTAR;
  }

  char type() {
    return (char) (block[TYPE] & BYTE);
  }

  String name() throws TarFormatException {
    String name = TarFields.text(block, 0, NAME_LENGTH);
    String prefix =
        switch (form) {
          case V7, GNU -> "";
          case USTAR -> TarFields.text(block, PREFIX, PREFIX_LENGTH);
          case STAR -> TarFields.text(block, PREFIX, STAR_PREFIX_LENGTH);
        };
    return prefix.isEmpty() ? name : prefix + "/" + name;
  }

  String linkName() throws TarFormatException {
    return TarFields.text(block, LINK, NAME_LENGTH);
  }

  long mode() throws TarFormatException {
    return TarFields.number(block, MODE, SMALL_LENGTH);
  }

  long uid() throws TarFormatException {
    return TarFields.number(block, UID, SMALL_LENGTH);
  }

  long gid() throws TarFormatException {
    return TarFields.number(block, GID, SMALL_LENGTH);
  }

  long sizeBytes() throws TarFormatException {
    long size = TarFields.number(block, SIZE, LARGE_LENGTH);
    if (size < 0) {
      throw new TarFormatException("has an entry of negative size");
    }
    return size;
  }

  long modifiedS() throws TarFormatException {
    return TarFields.number(block, TIME, LARGE_LENGTH);
  }

  long major() throws TarFormatException {
    return form == Form.V7 ? 0 : TarFields.number(block, MAJOR, SMALL_LENGTH);
  }

  long minor() throws TarFormatException {
    return form == Form.V7 ? 0 : TarFields.number(block, MINOR, SMALL_LENGTH);
  }

  /** The size with the holes, for GNU's own kind of sparse file. */
  long sparseSizeBytes() throws TarFormatException {
    return TarFields.number(block, SPARSE_SIZE, LARGE_LENGTH);
  }

  /** The first pieces of GNU's own kind of sparse file: offset and length, alternating. */
  List<Long> sparsePieces() throws TarFormatException {
    return pieces(block, SPARSE, SPARSE_PIECES);
  }

  /** Whether a block with more pieces follows the header. */
  boolean morePiecesFollow() {
    return block[SPARSE_MORE] != 0;
  }

  /** The pieces of a block that follows such a header. */
  static List<Long> piecesOfExtension(byte[] extension) throws TarFormatException {
    return pieces(extension, 0, EXTENSION_PIECES);
  }

  /** Whether yet another block follows. */
  static boolean morePiecesFollow(byte[] extension) {
    return extension[EXTENSION_MORE] != 0;
  }

  private static List<Long> pieces(byte[] block, int offset, int most) throws TarFormatException {
    List<Long> numbers = new ArrayList<>();
    for (int i = 0; i < most; i++) {
      int at = offset + 2 * i * LARGE_LENGTH;
      if (block[at] == 0) { // the list ends early
        break;
      }
      numbers.add(TarFields.number(block, at, LARGE_LENGTH));
      numbers.add(TarFields.number(block, at + LARGE_LENGTH, LARGE_LENGTH));
    }
    return numbers;
  }
}
