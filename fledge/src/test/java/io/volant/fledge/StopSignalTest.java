package io.volant.fledge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A signal in the middle of a build, to a real process. */
class StopSignalTest {
  private static final int PATIENCE_S = 60;
  private static final int BY_SIGNAL = 128;

  @TempDir private Path folder;
  private Bench bench;

  @BeforeEach
  void set_up() throws IOException {
    bench = new Bench(folder);
  }

  @ParameterizedTest
  @ValueSource(strings = {"INT", "TERM"})
  void a_signal_while_a_program_runs_leaves_nothing(String signal) throws Exception {
    Path bin = Files.createDirectories(folder.resolve("bin"));
    Path started = folder.resolve("started");
    // It begins to write as buildah does, and then it takes long. Its child must end too.
    Path buildah =
        Files.writeString(
            bin.resolve("buildah"), "#!/bin/sh\nsleep 1000 &\ntouch " + started + "\nwait\n");
    assertThat(buildah.toFile().setExecutable(true)).isTrue();
    bench.write("recipe/Dockerfile", "FROM scratch\n");
    bench.write(
        "recipe/fledge.toml",
        "version = '1'\nstrategy = 'oci_rootfs'\n[source]\ndockerfile = 'Dockerfile'\n");
    Process fledge = fledge(bin);
    await().atMost(PATIENCE_S, TimeUnit.SECONDS).until(() -> Files.exists(started));
    List<ProcessHandle> children = fledge.descendants().toList();
    assertThat(children).hasSizeGreaterThanOrEqualTo(2);
    stop(fledge, signal);
    // A killed grandchild is there until somebody has taken note of its end.
    await().untilAsserted(() -> assertThat(children).noneMatch(StopSignalTest::isRunning));
    assertNothingIsLeft();
  }

  @Test
  void a_signal_while_an_image_is_written_leaves_the_earlier_one() throws Exception {
    assertThat(bench.build()).isZero();
    byte[] earlier = Files.readAllBytes(bench.out.resolve("hello.cpio.gz"));
    try (var large = new RandomAccessFile(folder.resolve("recipe/www/large").toFile(), "rw")) {
      large.setLength(3L * 1024 * 1024 * 1024); // sparse, and long enough to be caught
    }
    Process fledge = fledge(Path.of("/bin"));
    await().atMost(PATIENCE_S, TimeUnit.SECONDS).until(() -> hasPart(bench.out));
    stop(fledge, "INT");
    assertThat(Files.readAllBytes(bench.out.resolve("hello.cpio.gz"))).isEqualTo(earlier);
    assertThat(hasPart(bench.out)).isFalse();
    assertNothingIsLeft();
  }

  private Process fledge(Path bin) throws IOException {
    List<String> command = new ArrayList<>();
    // A test run in the background may have been told to ignore SIGINT, and what it starts too.
    command.addAll(List.of("env", "--default-signal=INT,TERM"));
    command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of("io.volant.fledge.Fledge", "build", "-v"));
    command.addAll(List.of("-c", folder + "/recipe/fledge.toml", "-o", bench.out.toString()));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("PATH", bin + ":/usr/bin:/bin");
    builder.environment().put("TMPDIR", folder.toString());
    builder.environment().put("FLEDGE_KESTREL", folder.resolve("kestrel").toString());
    builder.environment().remove("BUILDKIT_HOST");
    return builder.redirectErrorStream(true).redirectOutput(folder.resolve("log").toFile()).start();
  }

  private static void stop(Process fledge, String signal) throws Exception {
    assertThat(
            new ProcessBuilder("kill", "-" + signal, Long.toString(fledge.pid())).start().waitFor())
        .isZero();
    assertThat(fledge.waitFor(PATIENCE_S, TimeUnit.SECONDS)).isTrue();
    assertThat(fledge.exitValue()).isGreaterThan(BY_SIGNAL);
  }

  private void assertNothingIsLeft() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(file -> String.valueOf(file.getFileName())))
          .noneMatch(name -> name.startsWith("fledge-"));
    }
    assertThat(bench.out.resolve("recipe.img")).doesNotExist();
  }

  private static boolean isRunning(ProcessHandle process) {
    return process.isAlive() && process.info().commandLine().isPresent();
  }

  private static boolean hasPart(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.anyMatch(file -> file.toString().endsWith(".part"));
    }
  }
}
