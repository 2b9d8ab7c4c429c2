package io.volant.fledge.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.volant.fledge.RecordingProgress;
import io.volant.fledge.recipe.ImageSource;
import io.volant.fledge.report.BuildFailure;
import io.volant.fledge.report.ExitCode;
import io.volant.fledge.tool.Tools;
import io.volant.fledge.tree.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who builds a Dockerfile, and how it is called; buildah for real, the others by stand-ins. */
class ContainerEngineTest {
  @TempDir private Path folder;
  private final RecordingProgress progress = new RecordingProgress();
  private ImageSource.Dockerfile dockerfile =
      new ImageSource.Dockerfile(Path.of("/"), Path.of("/"), null, Map.of());
  private Path scratch = Path.of("/");

  @BeforeEach
  void set_up() throws IOException {
    Path context = Files.createDirectories(folder.resolve("context"));
    Files.writeString(context.resolve("Dockerfile"), "FROM scratch\nCOPY Dockerfile /file\n");
    scratch = Files.createDirectories(folder.resolve("fledge-1/dockerfile"));
    dockerfile =
        new ImageSource.Dockerfile(
            context.resolve("Dockerfile"), context, "run", Map.of("A", "1", "B", "x y"));
  }

  @Test
  void without_any_of_them_one_line_names_them_all() {
    assertThatExceptionOfType(BuildFailure.class)
        .isThrownBy(() -> engine(null))
        .withMessage(
            "a Dockerfile needs buildah, docker, podman or a BuildKit (buildctl and BUILDKIT_HOST),"
                + " and none is there; install one with: apt-get install buildah")
        .matches(failure -> failure.code() == ExitCode.INPUT);
  }

  @Test
  void they_are_taken_in_this_order() throws Exception {
    program("podman", "");
    assertThat(engine(null).name()).isEqualTo("podman");
    program("docker", "");
    assertThat(engine(null).name()).isEqualTo("docker");
    program("buildah", "");
    program("buildctl", "");
    assertThat(engine(null).name()).isEqualTo("buildah");
    assertThat(engine("").name()).isEqualTo("buildah");
    assertThat(engine("unix:///run/buildkit.sock").name()).isEqualTo("buildctl");
  }

  @Test
  void docker_keeps_no_image_even_when_saving_fails() throws Exception {
    program("docker", "test \"$1\" != save");
    assertThatExceptionOfType(BuildFailure.class)
        .isThrownBy(() -> engine(null).build(dockerfile, scratch, progress))
        .withMessageStartingWith("docker failed with code 1");
    assertThat(calls())
        .containsExactly(
            "build --tag "
                + tag()
                + " --file "
                + dockerfile.file()
                + " --target=run --build-arg=A=1 --build-arg=B=x y "
                + dockerfile.context(),
            "save --output " + scratch + "/image.tar " + tag(),
            "rmi " + tag());
  }

  @Test
  void docker_hands_over_an_archive() throws Exception {
    program("docker", "");
    assertThat(engine(null).build(dockerfile, scratch, progress))
        .isEqualTo("docker-archive:" + scratch + "/image.tar");
    assertThat(progress.details).contains("docker says hello");
  }

  @Test
  void a_buildkit_writes_a_layout() throws Exception {
    program("buildctl", "");
    assertThat(engine("tcp://x").build(dockerfile, scratch, progress))
        .isEqualTo("oci:" + scratch + "/layout");
    assertThat(calls())
        .containsExactly(
            "build --progress=plain --frontend=dockerfile.v0 --local=context="
                + dockerfile.context()
                + " --local=dockerfile="
                + dockerfile.context()
                + " --opt=filename=Dockerfile --opt=build-arg:SOURCE_DATE_EPOCH=315532800"
                + " --opt=target=run --opt=build-arg:A=1 --opt=build-arg:B=x y"
                + " --output=type=oci,tar=false,rewrite-timestamp=true,\"dest="
                + scratch
                + "/layout\"");
  }

  @Test
  void buildah_keeps_its_store_in_scratch() throws Exception {
    var plain = new ImageSource.Dockerfile(dockerfile.file(), dockerfile.context(), null, Map.of());
    ContainerEngine buildah = ContainerEngine.of(Tools.ofHost(), null);
    assertThat(buildah.name()).isEqualTo("buildah");
    assertThat(buildah.build(plain, scratch, progress)).isEqualTo("oci:" + scratch + "/layout");
    assertThat(scratch.resolve("layout/index.json")).exists();
    assertThat(scratch.resolve("store")).isDirectory();
  }

  @Test
  void a_build_that_fails_says_what_the_engine_said_last() throws Exception {
    Files.writeString(dockerfile.file(), "FROM scratch\nCOPY missing /\n");
    var plain = new ImageSource.Dockerfile(dockerfile.file(), dockerfile.context(), null, Map.of());
    ContainerEngine buildah = ContainerEngine.of(Tools.ofHost(), null);
    assertThatExceptionOfType(BuildFailure.class)
        .isThrownBy(() -> buildah.build(plain, scratch, progress))
        .withMessageStartingWith("buildah failed with code ")
        .withMessageContaining("missing");
  }

  private ContainerEngine engine(@Nullable String buildkitHost) throws BuildFailure {
    return ContainerEngine.of(
        Tools.in(List.of(folder.resolve("bin"), folder.resolve("none"))), buildkitHost);
  }

  private String tag() {
    return "fledge-build-"
        + Sha256.of(scratch.toString().getBytes(StandardCharsets.UTF_8)).substring(0, 12);
  }

  /** A stand-in that writes down how it is called. */
  private void program(String name, String then) throws IOException {
    Path bin = Files.createDirectories(folder.resolve("bin"));
    Path file =
        Files.writeString(
            bin.resolve(name),
            "#!/bin/sh\necho \"$*\" >>"
                + folder
                + "/calls\necho docker says hello\n"
                + then
                + "\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  private List<String> calls() throws IOException {
    try (Stream<String> lines = Files.lines(folder.resolve("calls"))) {
      return lines.toList();
    }
  }
}
