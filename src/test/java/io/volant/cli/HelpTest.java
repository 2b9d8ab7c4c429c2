package io.volant.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.time.Clock;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

class HelpTest {

  /** Every command that there is, and none by its other names. */
  static Stream<String> commands() {
    Terminal silent =
        new Terminal(
            new PrintWriter(Writer.nullWriter()),
            new PrintWriter(Writer.nullWriter()),
            false,
            false);
    CommandLine root = CommandTree.whole(new Session(silent, Map.of(), Clock.systemUTC()));
    return Stream.concat(Stream.of(""), below("", root));
  }

  private static Stream<String> below(String path, CommandLine command) {
    return command.getSubcommands().entrySet().stream()
        .filter(entry -> entry.getKey().equals(entry.getValue().getCommandName()))
        .flatMap(entry -> {
          String name = (path + " " + entry.getKey()).strip();
          return Stream.concat(Stream.of(name), below(name, entry.getValue()));
        });
  }

  @ParameterizedTest
  @MethodSource("commands")
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
