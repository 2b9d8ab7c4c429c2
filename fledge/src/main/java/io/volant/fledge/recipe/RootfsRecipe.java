package io.volant.fledge.recipe;

import io.volant.fledge.filesystem.FilesystemOptions;
import java.util.List;

/**
 * A root file system made of a container image.
 *
 * @param image where it comes from
 * @param filesystem which kind of file system, and how it is written
 * @param overlay where a guest's changes go
 * @param mappings what is put into the image besides, in the order of the recipe
 * @param warnings what the recipe says without effect
 */
public record RootfsRecipe(
    ImageSource image,
    FilesystemOptions filesystem,
    Overlay overlay,
    List<Mapping> mappings,
    List<String> warnings)
    implements Recipe {
  /** How the name of such an image ends. */
  public static final String SUFFIX = ".img";

  /** Copies the lists. */
  public RootfsRecipe {
    mappings = List.copyOf(mappings);
    warnings = List.copyOf(warnings);
  }

  @Override
  public String imageSuffix() {
    return SUFFIX;
  }
}
