package io.volant.fledge.oci;

import io.volant.fledge.oci.tar.TarBody;
import io.volant.fledge.oci.tar.TarContent;
import io.volant.fledge.report.BuildFailure;
import io.volant.fledge.report.ExitCode;
import io.volant.fledge.report.OneLine;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The images in a file that {@code docker save} wrote, read by its {@code manifest.json}, which old
 * and new versions write. Nothing is unpacked: names in the archive only look up entries of it.
 */
final class ArchivedImages implements AutoCloseable {
  private static final int MANIFEST_BYTES_MAX = ImageDocument.BYTES_MAX;
  private static final String BLOBS = "blobs/sha256/";

  private final ImageReference.Archive reference;
  private final FileChannel channel;
  private final ArchiveNames names;

  private ArchivedImages(
      ImageReference.Archive reference, FileChannel channel, ArchiveNames names) {
    this.reference = reference;
    this.channel = channel;
    this.names = names;
  }

  /** Looks the archive through. A compressed one is decompressed into the cache's folder first. */
  static ArchivedImages open(ImageReference.Archive reference, ImageCache cache, LayerLimits limits)
      throws BuildFailure {
    Path file = reference.file();
    try {
      FileChannel channel = plain(file, cache, limits);
      try {
        return new ArchivedImages(reference, channel, ArchiveNames.read(channel));
      } catch (IOException | RuntimeException failure) {
        channel.close();
        throw failure;
      }
    } catch (IOException failure) {
      throw new BuildFailure(
          ExitCode.INPUT,
          OneLine.of("the archive " + file + " cannot be read: " + failure.getMessage()));
    }
  }

  private static FileChannel plain(Path file, ImageCache cache, LayerLimits limits)
      throws IOException {
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
    if (!Decompression.isCompressed(channel)) {
      return channel;
    }
    try (channel;
        InputStream source = new TarContent(channel, TarBody.whole(0, channel.size())).open();
        InputStream unpacked = Decompression.of(source);
        TemporaryFile target = cache.temporary()) {
      FileChannel copy =
          FileChannel.open(target.path(), StandardOpenOption.READ, StandardOpenOption.WRITE);
      // The file has no name any more and goes with its channel.
      BoundedCopy.copy(unpacked, copy, limits.unpackedBytes());
      return copy;
    }
  }

  /** The image with the tag, or the only one. */
  ImagePlan plan(@Nullable String tag, Platform platform) throws BuildFailure {
    String where = "manifest.json in " + reference.file();
    List<Fields> images =
        Fields.parseList(document("manifest.json", MANIFEST_BYTES_MAX, where), where);
    Fields image = ArchivedTag.choose(images, tag, reference.file());
    String configName = image.requiredText("Config");
    String configWhere = "the configuration in " + reference.file();
    byte[] bytes = document(configName, ConfigDocument.BYTES_MAX, configWhere);
    Digest named = digestIn(configName);
    if (named != null) {
      BlobStore.checked(bytes, named, configWhere);
    }
    ConfigDocument config = ConfigDocument.read(bytes, configWhere);
    Platform found = config.platform();
    if (found != null && !platform.runs(found)) {
      throw failure("is for " + found + ", and this machine is " + platform);
    }
    return new ImagePlan(
        reference.written(),
        Digest.of(bytes).toString(),
        config.config(),
        layers(image.texts("Layers"), config.diffIds()));
  }

  private List<LayerPlan> layers(List<String> files, List<Digest> diffIds) throws BuildFailure {
    if (files.size() != diffIds.size()) {
      throw failure(
          "has "
              + files.size()
              + " layers in its manifest.json and "
              + diffIds.size()
              + " in its configuration");
    }
    List<LayerPlan> layers = new ArrayList<>();
    for (String file : files) {
      Digest diffId = diffIds.get(layers.size());
      TarBody body = body(file);
      TarContent content = new TarContent(channel, body);
      layers.add(
          new LayerPlan(
              diffId.toString(),
              file.startsWith(BLOBS) ? digestIn(file) : null,
              body.sizeBytes(),
              diffId,
              false,
              content::open));
    }
    return layers;
  }

  /** Newer versions name a file by its digest; null: this one they do not. */
  private static @Nullable Digest digestIn(String file) {
    String name = file.startsWith(BLOBS) ? file.substring(BLOBS.length()) : file;
    String hex = name.endsWith(".json") ? name.substring(0, name.length() - 5) : name;
    return Digest.isHex(hex) ? new Digest(hex) : null;
  }

  private byte[] document(String file, int most, String where) throws BuildFailure {
    TarBody body = body(file);
    if (body.sizeBytes() > most) {
      throw new BuildFailure(ExitCode.INPUT, where + " is larger than " + most + " bytes");
    }
    try (InputStream input = new TarContent(channel, body).open()) {
      return input.readAllBytes();
    } catch (IOException failure) {
      throw failure("cannot be read: " + failure.getMessage());
    }
  }

  private TarBody body(String file) throws BuildFailure {
    try {
      return names.find(file);
    } catch (RefusedEntryException refused) {
      throw failure(String.valueOf(refused.getMessage()));
    }
  }

  private BuildFailure failure(String what) {
    return new BuildFailure(
        ExitCode.INPUT, OneLine.of("the archive " + reference.file() + " " + what));
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException ignored) {
      // it was only read from
    }
  }
}
