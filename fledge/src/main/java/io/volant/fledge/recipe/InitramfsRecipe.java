package io.volant.fledge.recipe;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An archive that boots from memory.
 *
 * @param init who is its first process
 * @param busybox where busybox comes from; of no use when the first process is nobody's
 * @param image the container image below everything else, if any
 * @param mappings what is put into the image besides, in the order of the recipe
 */
public record InitramfsRecipe(
    FirstProcess init, BusyboxSource busybox, @Nullable ImageSource image, List<Mapping> mappings)
    implements Recipe {
  /** How the name of such an image ends. */
  public static final String SUFFIX = ".cpio.gz";

  /** Copies the list. */
  public InitramfsRecipe {
    mappings = List.copyOf(mappings);
  }

  @Override
  public List<String> warnings() {
    return List.of();
  }

  @Override
  public String imageSuffix() {
    return SUFFIX;
  }
}
