package io.volant.fledge.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.volant.fledge.report.BuildFailure;
import io.volant.fledge.report.ExitCode;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageReferenceTest {
  private static final Path FOLDER = Path.of("/recipes/app");
  private static final String SUM = "sha256:" + "0123456789abcdef".repeat(4);

  @ParameterizedTest
  @CsvSource({
    "nginx, docker.io, library/nginx, latest",
    "nginx:1.27, docker.io, library/nginx, 1.27",
    "team/app:x_1.2-3, docker.io, team/app, x_1.2-3",
    "docker://nginx, docker.io, library/nginx, latest",
    "docker://docker.io/nginx, docker.io, library/nginx, latest",
    "index.docker.io/a/b, docker.io, a/b, latest",
    "ghcr.io/a/b/c__d.e-f:1, ghcr.io, a/b/c__d.e-f, 1",
    "localhost/a:1, localhost, a, 1",
    "localhost:5000/a, localhost:5000, a, latest",
    "docker://127.0.0.1:5000/a/b:1, 127.0.0.1:5000, a/b, 1",
    "docker://[::1]:5000/a, [::1]:5000, a, latest",
  })
  void names_are_understood_as_docker_does(
      String written, String registry, String repository, String tag) throws BuildFailure {
    ImageReference reference = ImageReference.parse(written, FOLDER);
    RegistryName name = new RegistryName(registry, repository, tag, null);
    assertThat(reference).isEqualTo(new ImageReference.Registry(written, name));
    assertThat(reference).hasToString(written);
  }

  @Test
  void a_digest_goes_before_the_tag() throws BuildFailure {
    assertThat(ImageReference.parse("docker://h.io/a:1@" + SUM, FOLDER))
        .isInstanceOfSatisfying(
            ImageReference.Registry.class,
            found -> {
              assertThat(found.name().tag()).isEqualTo("1");
              assertThat(found.name().wanted()).isEqualTo(SUM);
            });
  }

  @ParameterizedTest
  @CsvSource({
    "oci:image, /recipes/app/image,",
    "oci:../image:1, /recipes/image, 1",
    "oci:/abs/image:v1.2, /abs/image, v1.2",
  })
  void a_layout_is_seen_from_the_recipe(String written, Path folder, @Nullable String tag)
      throws BuildFailure {
    assertThat(ImageReference.parse(written, FOLDER))
        .isEqualTo(new ImageReference.Layout(written, folder, tag));
  }

  @ParameterizedTest
  @CsvSource({
    "docker-archive:a.tar, /recipes/app/a.tar,",
    "docker-archive:/x/a.tar:1, /x/a.tar, 1",
    "docker-archive:a.tar:nginx:1, /recipes/app/a.tar, nginx:1",
  })
  void so_is_an_archive(String written, Path file, @Nullable String tag) throws BuildFailure {
    assertThat(ImageReference.parse(written, FOLDER))
        .isEqualTo(new ImageReference.Archive(written, file, tag));
  }

  @Test
  void a_daemon_is_asked_by_name() throws BuildFailure {
    assertThat(ImageReference.parse("docker-daemon:nginx:1", FOLDER))
        .isEqualTo(new ImageReference.Daemon("docker-daemon:nginx:1", "nginx:1"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "docker://",
        "Nginx",
        "a//b",
        "a:",
        "a:-x",
        "a b",
        "a\nb",
        "a\0b",
        "../a",
        "a/../b",
        "-a",
        "http://h.io/a",
        "docker://h.io:99999999/a",
        "docker://h_h.io/a",
        "docker://user@h.io/a",
        "a@sha256:1234",
        "a@sha512:12",
        "oci:",
        "oci::1",
        "oci:a\0b",
        "oci:a:b c",
        "docker-archive:",
        "docker-archive:a:B/c",
        "docker-daemon:",
        "docker-daemon:--help",
      })
  void others_are_refused_with_the_rule(String written) {
    assertThatExceptionOfType(BuildFailure.class)
        .isThrownBy(() -> ImageReference.parse(written, FOLDER))
        .withMessageContaining("is not the reference of an image: ")
        .matches(failure -> failure.code() == ExitCode.RECIPE)
        .matches(failure -> !failure.lines().getFirst().contains("\n"));
  }

  @Test
  void a_name_has_255_characters_at_most() throws BuildFailure {
    assertThat(ImageReference.parse("a".repeat(255), FOLDER)).isNotNull();
    assertThatExceptionOfType(BuildFailure.class)
        .isThrownBy(() -> ImageReference.parse("a".repeat(256), FOLDER));
  }

  @ParameterizedTest
  @CsvSource({
    "docker.io, https://registry-1.docker.io/v2/",
    "ghcr.io, https://ghcr.io/v2/",
    "localhost.example.com, https://localhost.example.com/v2/",
    "127.example.com, https://127.example.com/v2/",
    "10.0.0.1:5000, https://10.0.0.1:5000/v2/",
    "localhost, http://localhost/v2/",
    "localhost:5000, http://localhost:5000/v2/",
    "127.3.2.1:80, http://127.3.2.1:80/v2/",
    "[::1]:5000, http://[::1]:5000/v2/",
  })
  void plain_http_is_for_this_machine_only(String host, String api) {
    assertThat(new RegistryHost(host).api()).hasToString(api);
  }
}
