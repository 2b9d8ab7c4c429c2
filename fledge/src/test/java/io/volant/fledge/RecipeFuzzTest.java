package io.volant.fledge;

import static org.assertj.core.api.Assertions.assertThat;

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
          "[actions.x]");

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
      default -> changed(random, Bench.RECIPE + Bench.DEFAULTS);
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
