package io.volant.fledge.oci.tar;

/**
 * Where the content of a file stands in its archive.
 *
 * @param offset where the stored bytes begin
 * @param storedBytes how many there are
 * @param sizeBytes how large the file is; more than is stored when it has holes
 * @param pieces where the stored bytes belong; one piece for a file without holes
 */
public record TarBody(long offset, long storedBytes, long sizeBytes, SparseMap pieces) {
  /** No content. */
  public static final TarBody NONE = whole(0, 0);

  /** A file without holes. */
  public static TarBody whole(long offset, long sizeBytes) {
    return new TarBody(offset, sizeBytes, sizeBytes, SparseMap.whole(sizeBytes));
  }

  /** Whether every byte of the file is stored, one after the other. */
  public boolean isWhole() {
    return storedBytes == sizeBytes && pieces.count() <= 1;
  }
}
