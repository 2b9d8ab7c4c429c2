package io.volant.fledge.recipe;

import io.volant.fledge.filesystem.FilesystemOptions;
import io.volant.fledge.filesystem.FilesystemType;
import io.volant.manifest.OverlayKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Makes a recipe for a root file system of what {@code [filesystem]} says. */
final class FilesystemReader {
  private FilesystemReader() {}

  /** Without a word about the file system. */
  static RootfsRecipe plain(ImageSource image) {
    return new RootfsRecipe(
        image, FilesystemOptions.of(FilesystemType.SQUASHFS), Overlay.UNSAID, List.of(), List.of());
  }

  static RootfsRecipe recipe(RecipeDocument document, ImageSource image, List<Mapping> mappings) {
    RecipeDocument.Filesystem written =
        Objects.requireNonNullElse(document.filesystem(), RecipeDocument.Filesystem.EMPTY);
    FilesystemType type =
        written.type() == null
            ? FilesystemType.SQUASHFS
            : FilesystemType.of(written.type()).orElseThrow();
    FilesystemOptions options =
        new FilesystemOptions(
            type,
            type == FilesystemType.SQUASHFS ? written.compressionLevel() : null,
            Objects.requireNonNullElse(written.sizeBufferMib(), FilesystemOptions.SIZE_BUFFER_MIB),
            Boolean.TRUE.equals(written.preallocate()));
    Overlay overlay =
        type.isReadOnly() ? new Overlay(kind(written), written.overlaySize()) : Overlay.UNSAID;
    return new RootfsRecipe(image, options, overlay, mappings, warnings(document, written, type));
  }

  private static @Nullable OverlayKind kind(RecipeDocument.Filesystem written) {
    if (written.overlay() == null) {
      return null;
    }
    return written.overlay().equals("disk") ? OverlayKind.DISK : OverlayKind.MEMORY;
  }

  // Existing recipes often carry every key along, so these are no mistakes.
  private static List<String> warnings(
      RecipeDocument document, RecipeDocument.Filesystem written, FilesystemType type) {
    List<String> warnings = new ArrayList<>();
    if (document.agent() != null && document.agent().sourceStrategy() != null) {
      warnings.add(
          "[agent] has no effect with strategy oci_rootfs: the host boots root file systems with"
              + " its own kestrel");
    }
    if (type.isReadOnly()) {
      warn(written.sizeBufferMib() != null, "size_buffer_mb", type, warnings);
      warn(Boolean.TRUE.equals(written.preallocate()), "preallocate", type, warnings);
    } else {
      warn(written.overlay() != null, "overlay", type, warnings);
      warn(written.overlaySize() != null, "overlay_size", type, warnings);
    }
    if (type != FilesystemType.SQUASHFS) {
      warn(written.compressionLevel() != null, "compression_level", type, warnings);
    }
    return warnings;
  }

  private static void warn(
      boolean isGiven, String key, FilesystemType type, List<String> warnings) {
    if (isGiven) {
      warnings.add(key + " in [filesystem] has no effect for " + type.word());
    }
  }
}
