package io.volant.fledge.step;

import io.volant.fledge.oci.FetchedImage;
import io.volant.fledge.oci.ImageFetcher;
import io.volant.fledge.oci.ImageReference;
import io.volant.fledge.oci.LayerApplier;
import io.volant.fledge.oci.LayerLimits;
import io.volant.fledge.report.BuildFailure;
import io.volant.fledge.report.Progress;
import io.volant.fledge.tree.FileTree;
import java.io.Closeable;
import java.nio.file.Path;

/** Container images by way of a cache. */
public final class CachedImages implements Images {
  private final ImageFetcher fetcher;

  /** With this fetcher, which knows the cache. */
  public CachedImages(ImageFetcher fetcher) {
    this.fetcher = fetcher;
  }

  @Override
  public FetchedImage fetch(String reference, Path folder, Progress progress) throws BuildFailure {
    return fetcher.fetch(ImageReference.parse(reference, folder), progress);
  }

  @Override
  public Closeable unpack(FetchedImage image, FileTree tree) throws BuildFailure {
    return LayerApplier.apply(image, tree, LayerLimits.DEFAULT)::close;
  }
}
