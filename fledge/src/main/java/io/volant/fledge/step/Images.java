package io.volant.fledge.step;

import io.volant.fledge.oci.FetchedImage;
import io.volant.fledge.report.BuildFailure;
import io.volant.fledge.report.Progress;
import io.volant.fledge.tree.FileTree;
import java.io.Closeable;
import java.nio.file.Path;

/** Where a build gets container images. */
public interface Images {
  /**
   * Fetches an image into the cache.
   *
   * @param reference as a recipe writes it
   * @param folder what relative paths in it are relative to
   */
  FetchedImage fetch(String reference, Path folder, Progress progress) throws BuildFailure;

  /**
   * Puts the image's files into the tree.
   *
   * @return what the contents in the tree are read from; to be closed when the tree is written
   */
  Closeable unpack(FetchedImage image, FileTree tree) throws BuildFailure;
}
