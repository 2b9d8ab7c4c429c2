package io.volant.fledge.oci;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.volant.fledge.tree.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Makes an OCI layout, piece by piece, so that a test can make any of them wrong. */
final class Layout {
  static final ObjectMapper JSON = new ObjectMapper();

  final Path folder;
  final ObjectNode config = JSON.createObjectNode();
  final ObjectNode manifest = JSON.createObjectNode();
  final ObjectNode index = JSON.createObjectNode();
  private final ArrayNode layers;
  private final ArrayNode diffIds;
  private final ArrayNode manifests;

  Layout(Path folder) {
    this.folder = folder;
    config.put("os", "linux").put("architecture", Platform.ofHost().architecture());
    diffIds = config.putObject("rootfs").put("type", "layers").putArray("diff_ids");
    manifest.put("schemaVersion", 2);
    layers = manifest.putArray("layers");
    index.put("schemaVersion", 2);
    manifests = index.putArray("manifests");
  }

  /** Adds a layer in gzip. */
  Layout layer(byte[] tar) {
    return layer(tar, Tars.gzip(tar));
  }

  /** Adds a layer as it comes. */
  Layout layer(byte[] tar, byte[] compressed) {
    diffIds.add("sha256:" + Sha256.of(tar));
    layers.add(blob(compressed, "application/vnd.oci.image.layer.v1.tar+gzip"));
    return this;
  }

  /** Writes the configuration, the manifest, and the index with it under the tag. */
  Path write(@Nullable String tag) {
    manifest.set("config", blob(bytes(config), "application/vnd.oci.image.config.v1+json"));
    ObjectNode entry = blob(bytes(manifest), "application/vnd.oci.image.manifest.v1+json");
    if (tag != null) {
      entry.putObject("annotations").put("org.opencontainers.image.ref.name", tag);
    }
    manifests.add(entry);
    return writeIndex();
  }

  Path writeIndex() {
    write("index.json", bytes(index));
    write("oci-layout", "{\"imageLayoutVersion\":\"1.0.0\"}".getBytes(StandardCharsets.UTF_8));
    return folder;
  }

  /** Writes a blob and describes it. */
  ObjectNode blob(byte[] bytes, String mediaType) {
    write("blobs/sha256/" + Sha256.of(bytes), bytes);
    return JSON.createObjectNode()
        .put("mediaType", mediaType)
        .put("digest", "sha256:" + Sha256.of(bytes))
        .put("size", bytes.length);
  }

  static byte[] bytes(ObjectNode document) {
    try {
      return JSON.writeValueAsBytes(document);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  void write(String name, byte[] bytes) {
    try {
      Path file = folder.resolve(name);
      Files.createDirectories(file.getParent());
      Files.write(file, bytes);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
