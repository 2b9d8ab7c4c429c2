package io.volant.fledge.oci.tar;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The four ways to write down where the pieces of a sparse file belong: GNU's own, and three in
 * extended headers (0.0: a record a number, 0.1: one record, 1.0: before the content). All give
 * offset and length, alternating.
 */
final class SparseForms {
  private static final int PIECES_MAX = 1_000_000;
  private static final int NUMBER_DIGITS_MAX = 19;

  private SparseForms() {}

  /** Where the archive goes on. */
  interface Blocks {
    byte[] next() throws IOException;
  }

  static List<Long> gnu(TarHeader header, Blocks blocks) throws IOException {
    List<Long> numbers = new ArrayList<>(header.sparsePieces());
    boolean more = header.morePiecesFollow();
    while (more) {
      byte[] extension = blocks.next();
      numbers.addAll(TarHeader.piecesOfExtension(extension));
      checkCount(numbers.size() / 2);
      more = TarHeader.morePiecesFollow(extension);
    }
    return numbers;
  }

  /** How large the file is with its holes; null: it is not sparse. */
  static @Nullable Long sizeBytes(PaxRecords pax) throws TarFormatException {
    Long size = pax.number("GNU.sparse.realsize");
    return size == null ? pax.number("GNU.sparse.size") : size;
  }

  static boolean mapIsInBody(PaxRecords pax) throws TarFormatException {
    return "1".equals(pax.text("GNU.sparse.major"));
  }

  static List<Long> inHeader(PaxRecords pax) throws TarFormatException {
    String map = pax.text("GNU.sparse.map");
    if (map == null) {
      return pax.pieces();
    }
    List<Long> numbers = new ArrayList<>();
    for (String number : map.split(",", -1)) {
      numbers.add(TarFields.decimal(number));
    }
    return numbers;
  }

  /** Decimal lines: how many pieces, then two for each; then up to the end of the block nothing. */
  static List<Long> inBody(Blocks blocks, long stored) throws IOException {
    Lines lines = new Lines(blocks, stored);
    long count = lines.next();
    checkCount(count);
    List<Long> numbers = new ArrayList<>();
    for (long i = 0; i < 2 * count; i++) {
      numbers.add(lines.next());
    }
    return numbers;
  }

  private static void checkCount(long pieces) throws TarFormatException {
    if (pieces < 0 || pieces > PIECES_MAX) {
      throw new TarFormatException("has a sparse file of more than " + PIECES_MAX + " pieces");
    }
  }

  /** Numbers from lines that go across blocks, but not out of the file that they describe. */
  private static final class Lines {
    private final Blocks blocks;
    private long left;
    private byte[] block = new byte[0];
    private int position;

    Lines(Blocks blocks, long stored) {
      this.blocks = blocks;
      this.left = stored;
    }

    long next() throws IOException {
      StringBuilder digits = new StringBuilder();
      while (true) {
        if (position == block.length) {
          if (left < TarHeader.BLOCK_BYTES) {
            throw new TarFormatException("has a sparse file whose map is cut off");
          }
          block = blocks.next();
          position = 0;
          left -= block.length;
        }
        char character = (char) block[position++];
        if (character == '\n') {
          return TarFields.decimal(digits.toString());
        }
        digits.append(character);
        if (digits.length() > NUMBER_DIGITS_MAX) {
          throw new TarFormatException("has a sparse file with a broken map");
        }
      }
    }
  }
}
