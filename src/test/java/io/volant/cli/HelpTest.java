package io.volant.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HelpTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "vms",
        "vms create",
        "vms list",
        "vms get",
        "vms start",
        "vms stop",
        "vms restart",
        "vms delete",
        "vms scale",
        "vms config",
        "vms config get",
        "vms config set",
        "vms config history",
        "vms logs",
        "vms port-forward",
        "vms timeline",
        "vms why",
        "vms operations",
        "vms call",
        "plugins",
        "plugins install",
        "plugins list",
        "plugins show",
        "plugins remove",
        "plugins enable",
        "plugins disable",
        "deployments",
        "deployments create",
        "deployments list",
        "deployments get",
        "deployments scale",
        "deployments update",
        "deployments rollout",
        "deployments rollout status",
        "deployments rollback",
        "deployments delete",
        "exec",
        "cp",
        "port-forward",
        "logs",
        "events",
        "doctor",
        "completion",
        "version"
      })
  void help_text_is_as_kept(String command) throws IOException {
    String[] words =
        Stream.of((command + " --help").split(" "))
            .filter(w -> !w.isEmpty())
            .toArray(String[]::new);

    VolarRun run = VolarRun.with(Map.of(), false, words);

    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    Golden.matches(
        "help" + (command.isEmpty() ? "" : "-" + command.replace(' ', '-')) + ".txt", run.out());
  }

  @Test
  void a_wrong_command_is_one_line_and_names_the_help() {
    VolarRun run = VolarRun.with(Map.of(), false, "vms", "lst");

    assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE.number());
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .hasLineCount(1)
        .startsWith("volar: ")
        .contains("'lst'")
        .contains("'volar vms --help'");
  }

  @Test
  void a_missing_name_is_one_line() {
    VolarRun run = VolarRun.with(Map.of(), false, "vms", "get");

    assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE.number());
    assertThat(run.err())
        .isEqualTo("volar: Missing required parameter: 'NAME'. See 'volar vms get --help'.\n");
  }

  @Test
  void an_unknown_output_format_is_refused() {
    VolarRun run = VolarRun.with(Map.of(), false, "-o", "xml", "vms", "list");

    assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE.number());
    assertThat(run.err()).hasLineCount(1).contains("table").contains("json").contains("xml");
  }

  @Test
  void volar_alone_asks_for_a_command() {
    assertThat(VolarRun.with(Map.of(), false).exitCode()).isEqualTo(ExitCode.USAGE.number());
    assertThat(VolarRun.with(Map.of(), false, "vms").exitCode()).isEqualTo(ExitCode.USAGE.number());
  }

  @Test
  void exit_codes_are_numbered_once_and_never_renumbered() {
    assertThat(Stream.of(ExitCode.values()).map(code -> code.name() + "=" + code.number()))
        .containsExactly(
            "OK=0",
            "INTERNAL=1",
            "USAGE=2",
            "UNREACHABLE=3",
            "NOT_FOUND=4",
            "CONFLICT=5",
            "INVALID=6",
            "SERVER_ERROR=7",
            "TIMEOUT=8",
            "VM_FAILED=9",
            "DENIED=10",
            "FILE=11",
            "NOT_READY=12");
  }

  @Test
  void version_is_shown_without_a_daemon() {
    VolarRun run = VolarRun.with(Map.of(), false, "version");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).startsWith("volar ");
  }
}
