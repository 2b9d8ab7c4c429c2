package io.volant.artifact;

import org.jspecify.annotations.Nullable;

/**
 * A disk image in the store whose header was looked at.
 *
 * @param artifact where the store has it
 * @param fileSystem what its first bytes say: {@code ext4}, {@code xfs}, {@code btrfs}, {@code
 *     squashfs}, {@code erofs}, {@code vfat} or {@code iso9660}; null: nothing that is known. A
 *     stranger wrote them, so it is only a hint which kernel modules may be needed
 */
public record StoredImage(StoredArtifact artifact, @Nullable String fileSystem) {}
