package io.volant.fledge.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import io.volant.fledge.Bench;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;

/**
 * Random documents: whatever comes in, the answer is a result and never an exception. A failure
 * prints its seed; put it into {@code new Random(...)} to see it again.
 */
class RecipeFuzzTest {
  private static final int ROUNDS = 400;
  private static final List<String> PIECES =
      List.of(
          "version",
          "strategy",
          "=",
          "\"1\"",
          "\"initramfs\"",
          "\n",
          "[agent]",
          "[mappings]",
          "[source]",
          "[[network.expose]]",
          "busybox_url",
          "path",
          "'/a'",
          "'../b'",
          "\"\\u0000\"",
          "{",
          "}",
          "[",
          "]",
          ",",
          ".",
          "3",
          "1e999",
          "true",
          "2026-01-01",
          "#",
          "\"\"\"",
          "[env]",
          "[workload]",
          "entrypoint",
          "args",
          "base_url",
          "name",
          "\uD800",
          "[actions.x]",
          "\"oci_rootfs\"",
          "[init]",
          "none",
          "[filesystem]",
          "type",
          "\"ext4\"",
          "overlay",
          "overlay_size",
          "\"50%\"",
          "image",
          "\"alpine:3\"",
          "dockerfile",
          "context",
          "build_args",
          "[source.build_args]",
          "source_strategy",
          "\"release\"",
          "url",
          "compression_level");

  private static final String ROOTFS =
      """
      version = "1"
      strategy = "oci_rootfs"
      [agent]
      source_strategy = "release"
      version = "v1"
      [source]
      dockerfile = "Dockerfile"
      context = "."
      target = "run"
      build_args = {A = "b"}
      [filesystem]
      type = "squashfs"
      compression_level = 3
      overlay = "memory"
      overlay_size = "50%"
      [mappings]
      "a" = "/b"
      """;
  private static final List<String> GOOD = List.of(Bench.RECIPE, Bench.DEFAULTS, ROOTFS);

  @RepeatedTest(5)
  void a_random_document_never_throws() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int round = 0; round < ROUNDS; round++) {
      byte[] document = document(random);
      try {
        check(document);
      } catch (RuntimeException | Error failure) {
        throw new AssertionError("seed " + seed + ", round " + round, failure);
      }
    }
  }

  private static void check(byte[] document) {
    Path folder = Path.of("/recipes");
    if (RecipeReader.read("f", document, folder) instanceof RecipeResult.Refused(var mistakes)) {
      assertThat(mistakes).isNotEmpty().allMatch(mistake -> !mistake.toString().contains("\n"));
    }
    if (DefaultsReader.read("m", document, "f") instanceof DefaultsResult.Refused(var mistakes)) {
      assertThat(mistakes).isNotEmpty().allMatch(mistake -> !mistake.toString().contains("\n"));
    }
  }

  private static byte[] document(Random random) {
    return switch (random.nextInt(3)) {
      case 0 -> {
        byte[] noise = new byte[random.nextInt(200)];
        random.nextBytes(noise);
        yield noise;
      }
      case 1 -> pieces(random).getBytes(StandardCharsets.UTF_8);
      default -> changed(random, GOOD.get(random.nextInt(GOOD.size())));
    };
  }

  private static String pieces(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(40); i > 0; i--) {
      text.append(PIECES.get(random.nextInt(PIECES.size())))
          .append(random.nextBoolean() ? " " : "");
    }
    return text.toString();
  }

  private static byte[] changed(Random random, String good) {
    byte[] document = good.getBytes(StandardCharsets.UTF_8);
    for (int i = 1 + random.nextInt(4); i > 0; i--) {
      document[random.nextInt(document.length)] = (byte) random.nextInt(256);
    }
    return document;
  }
}
