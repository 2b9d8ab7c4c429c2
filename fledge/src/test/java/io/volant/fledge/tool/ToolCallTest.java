package io.volant.fledge.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.volant.fledge.report.BuildFailure;
import io.volant.fledge.report.ExitCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ToolCallTest {
  @TempDir private Path folder;

  @Test
  void a_program_that_is_missing_is_one_line_with_its_package() {
    Tools none = Tools.in(List.of(folder));

    assertThat(none.has("mkfs.ext4")).isFalse();
    assertThatThrownBy(() -> none.find("mkfs.ext4", "e2fsprogs"))
        .isInstanceOfSatisfying(
            BuildFailure.class,
            failure -> {
              assertThat(failure.code()).isEqualTo(ExitCode.INPUT);
              assertThat(failure.lines())
                  .containsExactly(
                      "mkfs.ext4 is not installed; install it with: apt-get install e2fsprogs");
            });
  }

  @Test
  void programs_of_administrators_are_found() {
    assertThat(Tools.ofHost().has("mkfs.ext4")).isTrue();
  }

  @Test
  void input_goes_in_and_output_comes_back() throws BuildFailure {
    String text = "a line\n".repeat(50_000);

    String output =
        shell("cat")
            .feed(input -> input.write(text.getBytes(StandardCharsets.UTF_8)))
            .run(ExitCode.OUTPUT);

    assertThat(output).isEqualTo(text);
  }

  @Test
  void only_the_start_of_a_long_output_is_kept() throws BuildFailure {
    assertThat(shell("yes | head -c 5000000").run(ExitCode.OUTPUT)).hasSize(1024 * 1024);
  }

  @Test
  void lines_are_told_as_they_come() throws BuildFailure {
    List<String> lines = Collections.synchronizedList(new ArrayList<>());

    shell("echo one; echo; printf 't\\033wo\\r' >&2").eachLine(lines::add).run(ExitCode.OUTPUT);

    assertThat(lines).containsExactlyInAnyOrder("one", "t wo");
  }

  @Test
  void the_last_lines_of_a_failure_are_told() {
    assertThatThrownBy(() -> shell("seq 9 >&2; echo no; exit 3").run(ExitCode.DOWNLOAD))
        .isInstanceOfSatisfying(
            BuildFailure.class,
            failure -> {
              assertThat(failure.code()).isEqualTo(ExitCode.DOWNLOAD);
              assertThat(failure.lines()).containsExactly("sh failed with code 3: 5; 6; 7; 8; 9");
            });
  }

  @Test
  void a_program_that_reads_nothing_says_itself_why_it_ended() {
    assertThatThrownBy(() ->
            shell("echo full >&2; exit 4")
                .feed(input -> input.write(new byte[10_000_000]))
                .run(ExitCode.OUTPUT))
        .hasMessage("sh failed with code 4: full");
  }

  @Test
  void half_an_input_never_passes_for_the_whole() {
    Path file = folder.resolve("got");
    assertThatThrownBy(() ->
            shell("cat > /dev/null; touch " + file)
                .feed(input -> {
                  input.write(new byte[1000]);
                  throw new IOException("the disk is gone");
                })
                .run(ExitCode.OUTPUT))
        .hasMessage("sh did not get its input: the disk is gone");
    assertThat(file).doesNotExist();
  }

  @Test
  void what_takes_too_long_is_ended() {
    assertThatThrownBy(() -> shell("sleep 1000").within(Duration.ofMillis(50)).run(ExitCode.OUTPUT))
        .hasMessageStartingWith("sh took longer");
  }

  @Test
  void an_interrupt_ends_the_program_and_its_children() throws Exception {
    CompletableFuture<Long> child = new CompletableFuture<>();
    CompletableFuture<BuildFailure> result = new CompletableFuture<>();
    CountDownLatch flagStays = new CountDownLatch(1);
    Thread builder =
        Thread.ofPlatform()
            .start(() -> {
              try {
                shell("sleep 1000 & echo $!; wait")
                    .eachLine(line -> child.complete(Long.valueOf(line)))
                    .run(ExitCode.OUTPUT);
              } catch (BuildFailure failure) {
                result.complete(failure);
              }
              if (Thread.currentThread().isInterrupted()) {
                flagStays.countDown();
              }
            });
    long pid = child.get(30, TimeUnit.SECONDS);

    builder.interrupt();

    assertThat(result.get(30, TimeUnit.SECONDS)).hasMessage("interrupted while sh was running");
    assertThat(flagStays.await(30, TimeUnit.SECONDS)).isTrue();
    ProcessHandle.of(pid).ifPresent(handle -> handle.onExit().join());
  }

  @Test
  void the_environment_is_the_users_or_none() throws BuildFailure {
    assertThat(shell("echo $HOME").run(ExitCode.OUTPUT).strip()).isEqualTo(System.getenv("HOME"));
    assertThat(
            shell("echo $HOME,$LC_ALL,$A,$PWD")
                .isolated()
                .with("A", "b")
                .in(folder)
                .run(ExitCode.OUTPUT))
        .isEqualTo(",C,b," + folder + "\n");
  }

  private static ToolCall shell(String script) throws BuildFailure {
    return Tools.ofHost().find("sh", "dash").call("-c", script);
  }
}
