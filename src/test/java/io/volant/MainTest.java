package io.volant;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.volant.api.ApiKey;
import io.volant.api.Role;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code volantd} does besides serving. */
class MainTest {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  void a_new_key_is_let_in_by_the_line_that_is_printed_with_it() {
    assertThat(run("--new-api-key", "ada", "operator")).isZero();
    List<String> lines = text(out).lines().toList();
    assertThat(lines).hasSize(4);
    assertThat(lines.get(0)).startsWith("#");
    assertThat(lines.get(2)).startsWith("#");
    String key = lines.get(1);
    String line = lines.get(3);
    assertThat(line).doesNotContain(key);

    Settings settings =
        Settings.of(EngineConfig.layered(Map.of(), ConfigFactory.parseString(line)), "1.2.3");
    assertThat(settings.api().access().keys())
        .containsExactly(ApiKey.of("ada", Role.OPERATOR, key));

    out.reset();
    run("--new-api-key", "ada", "operator");
    assertThat(text(out)).as("another one each time").doesNotContain(key);
  }

  @ParameterizedTest
  @CsvSource({
    "ada,owner",
    "ada,OPERATOR",
    "two words,viewer",
    "'',viewer",
    "system,viewer",
    "local,viewer",
    "api-key,viewer"
  })
  void a_key_that_cannot_be_is_one_line_on_stderr_and_a_wrong_usage(String name, String role) {
    assertThat(run("--new-api-key", name, role)).isEqualTo(2);
    assertThat(text(out)).isEmpty();
    assertThat(text(err)).hasLineCount(1).startsWith("volantd: --new-api-key NAME ROLE: ");
  }

  @Test
  void an_argument_that_is_none_is_a_wrong_usage() {
    assertThat(run("--new-api-key", "ada")).isEqualTo(2);
    assertThat(text(err)).hasLineCount(1).startsWith("volantd: usage: ");
  }

  private int run(String... arguments) {
    return Main.run(
        List.of(arguments),
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8));
  }

  private static String text(ByteArrayOutputStream bytes) {
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
