package io.volant.fledge.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.volant.fledge.RecordingProgress;
import io.volant.fledge.report.BuildFailure;
import io.volant.fledge.report.ExitCode;
import io.volant.fledge.tree.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReleasesTest {
  private static final byte[] PROGRAM = "kestrel".getBytes(StandardCharsets.UTF_8);
  private static final String SUM = Sha256.of(PROGRAM);

  @TempDir private Path folder;
  private final RecordingProgress progress = new RecordingProgress();

  @BeforeEach
  void set_up() throws IOException {
    Files.createDirectories(folder.resolve("v1"));
    Files.write(folder.resolve("v1/kestrel"), PROGRAM);
  }

  @ParameterizedTest
  @ValueSource(strings = {"SUM", "SUM\n", "SUM  kestrel\n", "SUM *build/kestrel\r\n"})
  void a_release_is_checked_against_the_file_beside_it(String text) throws Exception {
    sum(text.replace("SUM", SUM));
    assertThat(releases("file://" + folder + "/{version}/kestrel").kestrel("v1", progress))
        .isEqualTo(PROGRAM);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "SUM\nSUM\n", "<html>SUM</html>"})
  void a_file_beside_it_with_something_else_is_refused(String text) throws IOException {
    sum(text.replace("SUM", SUM));
    refused("file://" + folder + "/{version}/kestrel", ExitCode.DOWNLOAD, "is not a checksum file");
  }

  @Test
  void another_checksum_and_a_missing_file_are_refused() throws IOException {
    refused("file://" + folder + "/{version}/kestrel", ExitCode.DOWNLOAD, ".sha256 cannot be read");
    sum("0".repeat(64));
    refused("file://" + folder + "/{version}/kestrel", ExitCode.DOWNLOAD, "has the checksum");
  }

  @Test
  void a_url_without_a_place_for_the_version_is_refused() {
    refused("file:///x", ExitCode.INPUT, "FLEDGE_RELEASE_URL must have {version} in it");
    refused("a b {version}", ExitCode.INPUT, "FLEDGE_RELEASE_URL is not a URL");
  }

  @Test
  void without_a_setting_it_says_what_to_set_and_what_to_do_instead() {
    refused("", ExitCode.INPUT, "needs FLEDGE_RELEASE_URL, a URL with {version} in it; without");
  }

  private void sum(String text) throws IOException {
    Files.writeString(folder.resolve("v1/kestrel.sha256"), text);
  }

  private void refused(String template, ExitCode code, String what) {
    assertThatExceptionOfType(BuildFailure.class)
        .isThrownBy(() -> releases(template).kestrel("v1", progress))
        .withMessageContaining(what)
        .matches(failure -> failure.code() == code);
  }

  private static Releases releases(String template) {
    return new Releases(template, new Downloads());
  }
}
