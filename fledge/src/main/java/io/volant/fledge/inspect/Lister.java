package io.volant.fledge.inspect;

import io.volant.fledge.report.BuildFailure;
import java.nio.file.Path;
import java.util.function.Consumer;

/** Lists what is in one kind of artifact. */
interface Lister {
  /** More files than any image of ours has. */
  int FILES_MAX = 400_000;

  /**
   * Tells each file to the consumer, in the artifact's own order.
   *
   * @throws BuildFailure when the artifact is damaged, or a tool is missing
   */
  void list(Path artifact, Consumer<ListedFile> files) throws BuildFailure;
}
