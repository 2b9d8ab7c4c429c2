package io.volant.fledge.step;

import io.volant.fledge.oci.FetchedImage;
import io.volant.fledge.tree.FileTree;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The build so far: the tree that becomes the image, and files that are written but do not have
 * their names yet. Closing it removes the latter and the scratch folder, so a build that ends early
 * leaves nothing.
 */
final class Draft implements AutoCloseable {
  /** Tells apart the builds of one process. */
  private static final AtomicLong COUNT = new AtomicLong();

  private final FileTree tree = new FileTree();
  private final Map<Path, Path> unpublished = new LinkedHashMap<>();
  private final Deque<Closeable> open = new ArrayDeque<>();
  private final Path scratchParent;
  private @Nullable ScratchFolder scratch;
  private @Nullable FetchedImage image;
  private @Nullable String builtImage;
  private @Nullable String artifactSha256;
  private boolean mappedInit;

  /**
   * @param scratchParent the folder in which a build may have a folder of its own
   */
  Draft(Path scratchParent) {
    this.scratchParent = scratchParent;
  }

  FileTree tree() {
    return tree;
  }

  /** A new, empty folder that is there until the end of the build. */
  Path scratch(String name) throws IOException {
    if (scratch == null) {
      scratch = ScratchFolder.in(scratchParent);
    }
    return Files.createDirectory(scratch.path().resolve(name));
  }

  /** Closes something at the end of the build, the last one first. */
  void keepOpen(Closeable resource) {
    open.push(resource);
  }

  /** A new name beside the final one, for writing until {@link #publish}. */
  Path temporaryFor(Path finalName) {
    Path temporary =
        finalName.resolveSibling(
            "."
                + finalName.getFileName()
                + "."
                + ProcessHandle.current().pid()
                + "-"
                + COUNT.incrementAndGet()
                + ".part");
    unpublished.put(temporary, finalName);
    return temporary;
  }

  /** Gives every written file its final name, in the order of writing, or none of them. */
  void publish() throws IOException {
    for (Path finalName : unpublished.values()) {
      if (Files.isDirectory(finalName)) {
        throw new IOException(finalName + " is a folder");
      }
    }
    for (var file : unpublished.entrySet()) {
      Files.move(file.getKey(), file.getValue(), StandardCopyOption.ATOMIC_MOVE);
    }
    unpublished.clear();
  }

  /** A Dockerfile was built into the image of this name. */
  void imageBuilt(String reference) {
    builtImage = reference;
  }

  /** Where the image is that a Dockerfile was built into, as a recipe writes it. */
  @Nullable String builtImage() {
    return builtImage;
  }

  void imageFetched(FetchedImage fetched) {
    image = fetched;
  }

  /** The container image, if the recipe has one and it has been fetched. */
  @Nullable FetchedImage image() {
    return image;
  }

  /** Whether a mapping has put something at /init. */
  boolean mappedInit() {
    return mappedInit;
  }

  void initMapped(boolean isMapped) {
    mappedInit = isMapped;
  }

  void artifactWritten(String sha256) {
    artifactSha256 = sha256;
  }

  /** The checksum of the artifact, once it is written. */
  String artifactSha256() {
    return Objects.requireNonNull(artifactSha256, "the artifact is not written yet");
  }

  @Override
  public void close() throws IOException {
    try {
      while (!open.isEmpty()) {
        open.pop().close();
      }
    } finally {
      for (Path temporary : unpublished.keySet()) {
        Files.deleteIfExists(temporary);
      }
      unpublished.clear();
      if (scratch != null) {
        scratch.close();
      }
    }
  }
}
