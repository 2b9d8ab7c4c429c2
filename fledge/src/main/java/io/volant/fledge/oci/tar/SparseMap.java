package io.volant.fledge.oci.tar;

import java.util.List;

/**
 * The pieces of a file that are stored in its archive, in order; what is between them is zeros.
 * Checked: they do not overlap, and do not leave the file.
 */
public final class SparseMap {
  private final long[] offsets;
  private final long[] lengths;

  private SparseMap(long[] offsets, long[] lengths) {
    this.offsets = offsets;
    this.lengths = lengths;
  }

  /** One piece that is all of the file. */
  static SparseMap whole(long sizeBytes) {
    return sizeBytes == 0
        ? new SparseMap(new long[0], new long[0])
        : new SparseMap(new long[] {0}, new long[] {sizeBytes});
  }

  /**
   * Checked pieces.
   *
   * @param numbers offset and length, alternating
   * @param sizeBytes how large the file is
   * @param storedBytes how many bytes the archive has for it
   */
  static SparseMap of(List<Long> numbers, long sizeBytes, long storedBytes)
      throws TarFormatException {
    if (numbers.size() % 2 != 0) {
      throw new TarFormatException("has a sparse file with an odd map");
    }
    int count = numbers.size() / 2;
    long[] offsets = new long[count];
    long[] lengths = new long[count];
    long end = 0;
    long stored = 0;
    for (int i = 0; i < count; i++) {
      offsets[i] = numbers.get(2 * i);
      lengths[i] = numbers.get(2 * i + 1);
      boolean inOrder = offsets[i] >= end && lengths[i] >= 0;
      if (!inOrder || lengths[i] > sizeBytes - offsets[i]) {
        throw new TarFormatException("has a sparse file whose pieces overlap or leave it");
      }
      end = offsets[i] + lengths[i];
      stored += lengths[i];
    }
    if (stored > storedBytes) {
      throw new TarFormatException("has a sparse file with less content than its map says");
    }
    return new SparseMap(offsets, lengths);
  }

  /** How many pieces there are. */
  public int count() {
    return offsets.length;
  }

  /** Where in the file a piece begins. */
  public long offset(int piece) {
    return offsets[piece];
  }

  /** How many bytes a piece has. */
  public long length(int piece) {
    return lengths[piece];
  }
}
