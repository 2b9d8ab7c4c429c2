package io.volant.fledge.step;

import io.volant.fledge.oci.FetchedImage;
import io.volant.fledge.recipe.ImageSource;
import io.volant.fledge.report.BuildFailure;
import io.volant.fledge.report.Progress;
import java.util.Objects;

/** Gets the container image, or the one that a Dockerfile was built into, layer by layer. */
final class FetchImage implements BuildStep {
  private final ImageSource source;
  private final Images images;

  FetchImage(ImageSource source, Images images) {
    this.source = source;
    this.images = images;
  }

  @Override
  public String title() {
    return switch (source) {
      case ImageSource.Reference(var text, _) -> "fetch " + text;
      case ImageSource.Dockerfile _ -> "take over the image";
    };
  }

  @Override
  public void run(Draft draft, Progress progress) throws BuildFailure {
    FetchedImage image =
        switch (source) {
          case ImageSource.Reference(var text, var folder) -> images.fetch(text, folder, progress);
          case ImageSource.Dockerfile dockerfile -> built(dockerfile, draft, progress);
        };
    progress.detail(image.layers().size() + " layers, digest " + image.digest());
    draft.imageFetched(image);
  }

  private FetchedImage built(ImageSource.Dockerfile dockerfile, Draft draft, Progress progress)
      throws BuildFailure {
    String built = Objects.requireNonNull(draft.builtImage(), "the Dockerfile is built before");
    FetchedImage image = images.fetch(built, dockerfile.context(), progress);
    // Where it lay meanwhile is nobody's business, and would differ from build to build.
    String origin = "dockerfile:" + dockerfile.file().getFileName();
    return new FetchedImage(origin, image.digest(), image.config(), image.layers());
  }
}
