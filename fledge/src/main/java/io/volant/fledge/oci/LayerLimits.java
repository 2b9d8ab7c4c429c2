package io.volant.fledge.oci;

/**
 * How much an image may be. What is larger is refused before it fills the disk. The number of files
 * is bounded by the tree.
 *
 * @param layers how many layers; overlay file systems do with 128
 * @param downloadBytes how large all layers are together as they come from a registry
 * @param unpackedBytes how large they are together without compression, and how large all their
 *     files are together, holes among them
 */
public record LayerLimits(int layers, long downloadBytes, long unpackedBytes) {
  private static final long GIB = 1L << 30;

  /** Room for the largest images there are: 512 layers, 32 GiB to fetch, 64 GiB unpacked. */
  public static final LayerLimits DEFAULT = new LayerLimits(512, 32 * GIB, 64 * GIB);
}
