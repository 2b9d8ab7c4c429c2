package io.volant.adapter.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class CommandRunnerTest {

  private static final String SLEEP = CommandRunner.locate("sleep").orElseThrow().toString();

  private final CommandRunner commands = new CommandRunner(Duration.ofSeconds(20));

  @Test
  void input_goes_in_and_output_comes_back() throws Exception {
    assertThat(commands.run(List.of("cat"), "hello")).isEqualTo("hello");
  }

  @Test
  void no_shell_looks_at_the_arguments() throws Exception {
    assertThat(commands.run(List.of("echo", "$(id)", "; id", "*"), "")).isEqualTo("$(id) ; id *\n");
  }

  @Test
  void a_failure_tells_the_command_its_code_and_its_words() {
    assertThatThrownBy(() -> commands.run(List.of("ls", "/no/such/folder"), ""))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("\"ls /no/such/folder\" failed with code 2: ")
        .hasMessageContaining("No such file or directory");
  }

  @Test
  void a_missing_program_is_named_and_where_known_its_package() {
    assertThatThrownBy(() -> commands.run(List.of("no-such-program"), ""))
        .hasMessage("the program no-such-program is not installed");
    assertThat(CommandRunner.missing("nft"))
        .hasMessageContaining("nft is not installed: get it with apt-get install nftables");
  }

  @Test
  void a_program_that_takes_too_long_is_killed() {
    CommandRunner hasty = new CommandRunner(Duration.ofMillis(50));

    assertThatThrownBy(() -> hasty.run(List.of("sleep", "3605"), ""))
        .hasMessage("\"sleep 3605\" did not end within 50 ms and was killed");
    await()
        .atMost(Duration.ofSeconds(5))
        .until(() ->
            new ProcessTable().matching(words -> words.equals(List.of(SLEEP, "3605"))).isEmpty());
  }

  @Test
  void endless_output_is_bounded_and_input_that_nobody_reads_is_no_failure() throws Exception {
    assertThat(commands.run(List.of("head", "-c", "5000000", "/dev/zero"), "x".repeat(200_000)))
        .hasSize(1024 * 1024);
  }
}
