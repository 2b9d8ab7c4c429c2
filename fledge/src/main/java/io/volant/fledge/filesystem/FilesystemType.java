package io.volant.fledge.filesystem;

import java.util.Locale;
import java.util.Optional;

/** The kinds of root file system. */
public enum FilesystemType {
  /** Compressed, read-only; the default. */
  SQUASHFS,
  /** Read-only, not compressed, quick to read. */
  EROFS,
  EXT4,
  XFS,
  BTRFS;

  /** The name in recipes and manifests. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether nobody can write to it, so that changes need an overlay. */
  public boolean isReadOnly() {
    return this == SQUASHFS || this == EROFS;
  }

  /** The type of this name, if there is one. */
  public static Optional<FilesystemType> of(String word) {
    for (FilesystemType type : values()) {
      if (type.word().equals(word)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }
}
