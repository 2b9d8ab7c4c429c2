package io.volant.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.volant.api.OpenHouse.Door;
import io.volant.cli.ExitCode;
import io.volant.cli.LiveVolar;
import io.volant.vm.GuestCommand;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code volar exec} and {@code volar cp} through every door, in a guest with few commands. */
class VolarGuestTest {

  private static final byte[] NOTHING = new byte[0];

  @TempDir private Path folder;
  private OpenHouse house;

  @BeforeEach
  void start() throws Exception {
    house = new OpenHouse(folder);
    house.api().createHealthy("web-1");
  }

  @AfterEach
  void stop() {
    house.close();
  }

  @ParameterizedTest
  @EnumSource
  void exec_passes_outputs_and_the_exit_code_on(Door door) {
    LiveVolar echo = run(door, "exec", "web-1", "--", "echo", "a b", "c");
    assertThat(echo.exitCode()).isZero();
    assertThat(echo.out()).isEqualTo("a b c\n");
    LiveVolar fail = run(door, "exec", "web-1", "--", "fail", "it");
    assertThat(fail.exitCode()).isEqualTo(3);
    assertThat(fail.out()).isEmpty();
    assertThat(fail.err()).isEqualTo("it\n");
    LiveVolar none = run(door, "exec", "web-1", "--", "nothing");
    assertThat(none.exitCode()).isEqualTo(127);
    assertThat(none.err()).contains("there is no nothing");
    assertThat(run(door, "exec", "web-1", "--", "die").exitCode()).isEqualTo(128 + 9);
  }

  @ParameterizedTest
  @EnumSource
  void exec_passes_what_comes_on_standard_input_on(Door door) {
    byte[] input = noise(700_000);
    LiveVolar cat =
        LiveVolar.start(house.environment(door), input, "exec", "-i", "web-1", "--", "cat");
    assertThat(cat.exitCode()).isZero();
    assertThat(cat.bytes()).isEqualTo(input);
    LiveVolar closed = run(door, "exec", "web-1", "--", "cat");
    assertThat(closed.exitCode()).as("without -i there is no input").isZero();
    assertThat(closed.bytes()).isEmpty();
  }

  @Test
  void exec_says_who_runs_the_command_and_where() {
    run(Door.TCP, "exec", "-u", "web:www", "-w", "/srv", "-e", "A=b c", "web-1", "--", "echo")
        .exitCode();
    assertThat(house.api().guest().commands())
        .containsExactly(
            new GuestCommand(List.of("echo"), List.of("A=b c"), "/srv", "web:www", null));
    LiveVolar tty =
        LiveVolar.start(
            with(house.environment(Door.TCP), "TERM", "vt100"),
            NOTHING,
            "exec",
            "-t",
            "web-1",
            "--",
            "echo");
    assertThat(tty.exitCode()).isZero();
    assertThat(house.api().guest().commands().getLast().screen())
        .isEqualTo(new GuestCommand.Screen(24, 80, "vt100"));
  }

  @Test
  void exec_on_a_terminal_gives_the_guest_its_size_and_leaves_it_as_it_was() throws Exception {
    Path before = folder.resolve("before");
    Path after = folder.resolve("after");
    Process process =
        onTerminal(
            "stty rows 33 columns 101; stty -g > " + before,
            "%s exec -it web-1 -- fail it; code=$?",
            "stty -g > " + after + "; exit $code");
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(said()).isEqualTo(3);
    assertThat(house.api().guest().commands().getLast().screen())
        .extracting(GuestCommand.Screen::rows, GuestCommand.Screen::columns)
        .containsExactly(33, 101);
    assertThat(after).hasSameTextualContentAs(before);
  }

  @Test
  void exec_tells_the_guest_when_its_terminal_changes() throws Exception {
    Process process =
        onTerminal(
            "stty rows 33 columns 101; mkfifo " + folder + "/go",
            "(read -r word < " + folder + "/go; stty rows 40 columns 120 < /dev/tty) &",
            "%s exec -it web-1 -- cat");
    try {
      await().until(() -> !house.api().guest().commands().isEmpty());
      Files.writeString(folder.resolve("go"), "now\n");
      await().until(() -> said().contains("40x120"));
    } finally {
      process.destroyForcibly();
      process.descendants().forEach(ProcessHandle::destroyForcibly);
    }
  }

  @ParameterizedTest
  @EnumSource
  void what_does_not_work_is_one_line_and_a_code_of_its_own(Door door) {
    fails(door, ExitCode.NOT_FOUND, "no VM has the name 'none'", "exec", "none", "--", "cat");
    fails(door, ExitCode.NOT_FOUND, "no VM has the name", "cp", "none:/a", folder.toString());
    fails(door, ExitCode.NOT_FOUND, "no files", "cp", "web-1:/none", folder.toString());
    fails(door, ExitCode.NOT_FOUND, "no files", "cp", "/etc/hostname", "web-1:/none/a");
    fails(door, ExitCode.FILE, "there is no /none", "cp", "/none", "web-1:/srv/");
    fails(door, ExitCode.FILE, "no folder /none", "cp", "web-1:/srv", "/none/a");
    fails(door, ExitCode.USAGE, "NAME:/PATH", "cp", "/a", "/b");
    house.api().post("/api/v1/vms/web-1/stop?wait=stopped");
    fails(door, ExitCode.CONFLICT, "is stopped; start it first", "exec", "web-1", "--", "cat");
    fails(door, ExitCode.CONFLICT, "is stopped", "cp", "web-1:/srv", folder.toString());
  }

  @ParameterizedTest
  @EnumSource
  void a_daemon_that_stops_is_one_line(Door door) {
    LiveVolar hang =
        LiveVolar.start(house.environment(door), NOTHING, "exec", "web-1", "--", "hang");
    await().until(() -> !house.api().guest().commands().isEmpty());
    house.api().stopServing();
    assertThat(hang.exitCode()).isEqualTo(ExitCode.UNREACHABLE.number());
    assertThat(hang.err()).hasLineCount(1).startsWith("volar: ");
  }

  @ParameterizedTest
  @EnumSource
  void cp_takes_a_tree_to_the_guest_and_back(Door door) throws IOException {
    Path tree = Files.createDirectories(folder.resolve("tree/below"));
    byte[] large = noise(3 << 20);
    Files.write(tree.resolve("large"), large);
    Files.writeString(tree.resolve("tool"), "#!/bin/sh\n");
    Files.setPosixFilePermissions(
        tree.resolve("tool"), PosixFilePermissions.fromString("rwxr-x---"));
    LiveVolar there = run(door, "cp", folder.resolve("tree").toString(), "web-1:/srv/");
    assertThat(there.exitCode()).as(there.err()).isZero();
    Path back = Files.createDirectories(folder.resolve("back"));
    LiveVolar again = run(door, "cp", "web-1:/srv", back.toString());
    assertThat(again.exitCode()).as(again.err()).isZero();
    assertThat(there.out() + there.err() + again.out() + again.err()).isEmpty();
    assertThat(back.resolve("tree/below/large")).hasBinaryContent(large);
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(back.resolve("tree/below/tool"))))
        .isEqualTo("rwxr-x---");
    LiveVolar renamed = run(door, "cp", "web-1:/srv", folder.resolve("other").toString());
    assertThat(renamed.exitCode()).as(renamed.err()).isZero();
    assertThat(folder.resolve("other/below/large")).hasBinaryContent(large);
  }

  private LiveVolar run(Door door, String... arguments) {
    return LiveVolar.start(house.environment(door), NOTHING, arguments);
  }

  private void fails(Door door, ExitCode code, String why, String... arguments) {
    LiveVolar volar = run(door, arguments);
    assertThat(volar.exitCode()).as(volar.err()).isEqualTo(code.number());
    assertThat(volar.err()).hasLineCount(1).startsWith("volar: ").contains(why);
    assertThat(volar.out()).isEmpty();
  }

  private static byte[] noise(int size) {
    byte[] noise = new byte[size];
    new SplittableRandom(4).nextBytes(noise);
    return noise;
  }

  private static Map<String, String> with(
      Map<String, String> environment, String name, String value) {
    Map<String, String> more = new java.util.HashMap<>(environment);
    more.put(name, value);
    return more;
  }

  /**
   * Lines of a shell on a terminal of its own, as a person would have it; what is seen there is in
   * {@link #said}.
   *
   * @param lines {@code %s} is volar
   */
  private Process onTerminal(String... lines) throws IOException {
    Path script = folder.resolve("script.sh");
    String volar =
        Path.of(System.getProperty("java.home"), "bin/java")
            + " -cp "
            + System.getProperty("java.class.path")
            + " io.volant.cli.Volar";
    Files.writeString(script, String.join("\n", lines).formatted(volar) + "\n");
    ProcessBuilder builder =
        new ProcessBuilder("script", "-qefc", "sh " + script, folder.resolve("said").toString())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().putAll(house.environment(Door.TCP));
    return builder.start();
  }

  private String said() throws IOException {
    return Files.readString(folder.resolve("said"), StandardCharsets.UTF_8);
  }
}
