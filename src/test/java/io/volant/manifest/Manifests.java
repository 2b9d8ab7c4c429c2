package io.volant.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.function.Consumer;

/** Documents for tests. */
final class Manifests {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Manifests() {}

  static byte[] bytes(String name) {
    try (InputStream source = Manifests.class.getResourceAsStream("/manifests/" + name)) {
      return Objects.requireNonNull(source, name).readAllBytes();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  static JsonNode tree(byte[] document) {
    try {
      return JSON.readTree(document);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** The document with every field, after a change to it. */
  static JsonNode changed(Consumer<ObjectNode> change) {
    ObjectNode document = (ObjectNode) tree(bytes("every-field.json"));
    change.accept(document);
    return document;
  }

  /**
   * The document with every field, where one value (by JSON pointer) is replaced by another one,
   * given as JSON.
   */
  static JsonNode with(String pointer, String value) {
    int cut = pointer.lastIndexOf('/');
    String name = pointer.substring(cut + 1);
    return changed(document -> {
      JsonNode parent = document.at(pointer.substring(0, cut));
      if (parent instanceof ObjectNode object) {
        object.set(name, tree(value.getBytes(StandardCharsets.UTF_8)));
      } else {
        ((ArrayNode) parent)
            .set(Integer.parseInt(name), tree(value.getBytes(StandardCharsets.UTF_8)));
      }
    });
  }
}
