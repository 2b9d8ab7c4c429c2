package io.volant.fledge.step;

import io.volant.fledge.oci.FetchedImage;
import io.volant.fledge.oci.ImageConfig;
import io.volant.fledge.recipe.Defaults;
import io.volant.fledge.report.BuildFailure;
import io.volant.fledge.report.Progress;
import io.volant.manifest.BootChoice;
import io.volant.manifest.Initramfs;
import io.volant.manifest.Lineage;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Sees to it, as soon as the image can be asked, that image and {@code manifest.toml} together say
 * all that a manifest needs: before time is spent on an artifact.
 */
final class CheckManifest implements BuildStep {
  private static final BootChoice STAND_IN =
      BootChoice.of(new Initramfs("/to-be-built", null, null));

  private final Defaults defaults;

  CheckManifest(Defaults defaults) {
    this.defaults = defaults;
  }

  @Override
  public String title() {
    return "look how the image wants to be run";
  }

  @Override
  public void run(Draft draft, Progress progress) throws BuildFailure {
    var manifest = defaults.manifest(config(draft.image()), STAND_IN, lineage(draft.image()));
    progress.detail(
        String.join(" ", manifest.workload().entrypoint())
            + " at "
            + manifest.workload().baseUrl());
  }

  /** What the image says about itself. */
  static ImageConfig config(@Nullable FetchedImage image) {
    return image == null ? ImageConfig.NONE : image.config();
  }

  /** Where an artifact made of the image comes from. */
  static Lineage lineage(@Nullable FetchedImage image) {
    return image == null ? Lineage.NONE : new Lineage(image.reference(), image.digest(), Map.of());
  }
}
