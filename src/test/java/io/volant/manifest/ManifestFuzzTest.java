package io.volant.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;

/**
 * Random documents and random changes to a good one: whatever comes in, the answer is a result and
 * never an exception, and what is valid is written back and read again as the same. A failure
 * prints its seed; put it into {@code new Random(...)} to see it again.
 */
class ManifestFuzzTest {
  private static final int ROUNDS = 400;
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final ManifestReader reader = new ManifestReader();

  @RepeatedTest(5)
  void random_bytes_never_throw() {
    byte[] good = Manifests.bytes("every-field.json");
    rounds(random -> {
      byte[] document = random.nextBoolean() ? good.clone() : new byte[random.nextInt(300)];
      if (document.length != good.length) {
        random.nextBytes(document);
      } else {
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
          document[random.nextInt(document.length)] = (byte) random.nextInt(256);
        }
      }
      check(reader.read(document));
    });
  }

  @RepeatedTest(5)
  void a_changed_document_never_throws() {
    rounds(random -> {
      JsonNode document = Manifests.tree(Manifests.bytes("every-field.json"));
      for (int i = 1 + random.nextInt(3); i > 0; i--) {
        change(document, random);
      }
      check(reader.read(document));
    });
  }

  private void check(ManifestResult result) {
    switch (result) {
      case ManifestResult.Invalid(var problems) ->
          assertThat(problems).isNotEmpty().allMatch(it -> !it.toString().contains("\n"));
      case ManifestResult.Valid(var manifest) ->
          assertThat(reader.read(ManifestWriter.bytes(manifest)))
              .isEqualTo(new ManifestResult.Valid(manifest));
    }
  }

  private static void change(JsonNode document, Random random) {
    List<JsonNode> containers = new ArrayList<>();
    collect(document, containers);
    switch (containers.get(random.nextInt(containers.size()))) {
      case ObjectNode object when !object.isEmpty() -> {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        String name = names.get(random.nextInt(names.size()));
        switch (random.nextInt(4)) {
          case 0 -> object.remove(name);
          case 1 -> object.set(name + random.nextInt(3), value(random));
          default -> object.set(name, value(random));
        }
      }
      case ArrayNode array -> array.add(value(random));
      case JsonNode other -> assertThat(other.isEmpty()).isTrue();
    }
  }

  private static void collect(JsonNode node, List<JsonNode> containers) {
    if (node.isContainerNode()) {
      containers.add(node);
      node.forEach(child -> collect(child, containers));
    }
  }

  private static JsonNode value(Random random) {
    return switch (random.nextInt(12)) {
      case 0 -> JSON.nullNode();
      case 1 -> JSON.booleanNode(random.nextBoolean());
      case 2 -> JSON.numberNode(random.nextInt());
      case 3 -> JSON.numberNode(random.nextLong());
      case 4 -> JSON.numberNode(random.nextGaussian());
      case 5 -> JSON.numberNode(random.nextInt(5) * 1.0);
      case 6 -> JSON.objectNode();
      case 7 -> JSON.arrayNode();
      case 8 -> JSON.textNode("/" + random.nextInt());
      case 9 -> JSON.textNode("http://127.0.0.1:" + random.nextInt(70_000));
      case 10 -> JSON.textNode("");
      default -> JSON.textNode(Character.toString(random.nextInt(0x10000)));
    };
  }

  private interface Round {
    void run(Random random);
  }

  private static void rounds(Round round) {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int i = 0; i < ROUNDS; i++) {
      try {
        round.run(random);
      } catch (RuntimeException | Error failure) {
        throw new AssertionError("seed " + seed + ", round " + i, failure);
      }
    }
  }
}
