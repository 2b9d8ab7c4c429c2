package io.volant.fledge.filesystem;

import org.jspecify.annotations.Nullable;

/**
 * What a recipe's {@code [filesystem]} says about the file system to write.
 *
 * @param type which kind
 * @param compressionLevel for squashfs, 1 to 22; null: the default
 * @param sizeBufferMib for ext4, xfs and btrfs: free space beyond the content, 0 or more
 * @param preallocate for ext4, xfs and btrfs: whether the image takes its whole size on the disk at
 *     once, instead of being sparse
 */
public record FilesystemOptions(
    FilesystemType type,
    @Nullable Integer compressionLevel,
    int sizeBufferMib,
    boolean preallocate) {

  /** Free space where a recipe does not say. */
  public static final int SIZE_BUFFER_MIB = 128;

  /** This type with the defaults. */
  public static FilesystemOptions of(FilesystemType type) {
    return new FilesystemOptions(type, null, SIZE_BUFFER_MIB, false);
  }
}
