package io.volant.fledge.oci;

import io.volant.fledge.report.BuildFailure;
import io.volant.fledge.report.ExitCode;
import io.volant.fledge.report.OneLine;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A folder in the OCI image layout. Its files are read by digest, and so never outside of it. */
final class LayoutBlobs implements BlobStore {
  private static final String MARK = "oci-layout";

  private final Path folder;

  LayoutBlobs(Path folder) {
    this.folder = folder;
  }

  /** The manifest or index with the tag, or the only one. */
  byte[] top(@Nullable String tag) throws BuildFailure {
    if (!Files.isRegularFile(folder.resolve(MARK))) {
      throw failure(folder + " is not an OCI image layout: it has no file " + MARK);
    }
    String where = folder + "/index.json";
    byte[] index = bounded(folder.resolve("index.json"), ImageDocument.BYTES_MAX, where);
    if (ImageDocument.read(index, where) instanceof ImageDocument.Index(var images)) {
      Descriptor chosen = chosen(images, tag);
      return document(chosen, ImageDocument.BYTES_MAX, "the manifest in " + folder);
    }
    throw failure(where + " must have \"manifests\"");
  }

  private Descriptor chosen(List<Descriptor> images, @Nullable String tag) throws BuildFailure {
    List<Descriptor> fitting =
        images.stream().filter(image -> tag == null || tag.equals(image.referenceName())).toList();
    if (fitting.size() == 1) {
      return fitting.getFirst();
    }
    List<String> tags =
        images.stream().map(Descriptor::referenceName).filter(Objects::nonNull).toList();
    String there = tags.isEmpty() ? "no tags" : "the tags " + String.join(", ", tags);
    throw failure(
        folder
            + (tag == null
                ? " has " + images.size() + " images, so a tag must be given; it has "
                : " has not exactly one image with the tag " + tag + "; it has ")
            + there);
  }

  @Override
  public byte[] document(Descriptor descriptor, int most, String where) throws BuildFailure {
    return BlobStore.checked(bounded(file(descriptor.digest()), most, where), descriptor, where);
  }

  @Override
  public LayerPlan layer(Descriptor descriptor, Digest diffId) {
    Path file = file(descriptor.digest());
    return new LayerPlan(
        descriptor.digest().toString(),
        descriptor.digest(),
        descriptor.sizeBytes(),
        diffId,
        false,
        () -> Files.newInputStream(file));
  }

  private Path file(Digest digest) {
    return folder.resolve("blobs/sha256").resolve(digest.hex());
  }

  private static byte[] bounded(Path file, int most, String where) throws BuildFailure {
    try (InputStream input = Files.newInputStream(file)) {
      byte[] bytes = input.readNBytes(most + 1);
      if (bytes.length > most) {
        throw failure(where + " is larger than " + most + " bytes");
      }
      return bytes;
    } catch (IOException failure) {
      throw failure(where + " cannot be read: " + failure);
    }
  }

  private static BuildFailure failure(String line) {
    return new BuildFailure(ExitCode.INPUT, OneLine.of(line));
  }
}
