package io.volant.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What shells take from volar: names, and a script that completes commands. */
class NamesTest {

  @TempDir private Path folder;

  @Test
  void lists_are_names_one_a_line() throws IOException {
    try (ScriptedApi api = new ScriptedApi()) {
      api.on("GET /api/v1/vms", 200, "[{\"name\": \"web-1\"}, {\"name\": \"web-2\"}]");
      api.on("GET /api/v1/plugins", 200, "{\"plugins\": [\"hello\", \"postgres\"]}");
      assertThat(VolarRun.of(api, "vms", "list", "-o", "name"))
          .isEqualTo(new VolarRun(0, "web-1\nweb-2\n", ""));
      assertThat(VolarRun.of(api, "plugins", "list", "-o", "name"))
          .isEqualTo(new VolarRun(0, "hello\npostgres\n", ""));
    }
  }

  @Test
  void the_completion_is_a_script_that_bash_takes_and_knows_all_commands() throws Exception {
    VolarRun run = VolarRun.with(Map.of(), false, "completion", "bash");
    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("vms", "plugins", "doctor", "timeline", "--kernel-cmdline");
    Path script = Files.writeString(folder.resolve("volar"), run.out());
    Process bash =
        new ProcessBuilder("bash", "-n", script.toString()).redirectErrorStream(true).start();
    String said = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(bash.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(said).isEmpty();
    assertThat(VolarRun.with(Map.of(), false, "completion", "zsh").out())
        .startsWith("autoload -U +X compinit");
    assertThat(VolarRun.with(Map.of(), false, "completion", "fish").exitCode())
        .isEqualTo(ExitCode.USAGE.number());
  }
}
