package io.volant.fledge.step;

import io.volant.fledge.oci.FetchedImage;
import io.volant.fledge.report.BuildFailure;
import io.volant.fledge.report.Progress;
import java.util.Objects;

/** Lays the layers of the image over each other in the tree. */
final class UnpackLayers implements BuildStep {
  private final Images images;

  UnpackLayers(Images images) {
    this.images = images;
  }

  @Override
  public String title() {
    return "unpack the image";
  }

  @Override
  public void run(Draft draft, Progress progress) throws BuildFailure {
    FetchedImage image = Objects.requireNonNull(draft.image(), "the image is fetched before");
    draft.keepOpen(images.unpack(image, draft.tree()));
    progress.detail(draft.tree().entries().size() + " files");
  }
}
