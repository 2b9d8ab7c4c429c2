package io.volant.fledge.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.volant.fledge.report.BuildFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KestrelSearchTest {
  @TempDir private Path folder;

  @Test
  void the_variable_comes_first() throws Exception {
    file("libexec/kestrel");
    assertThat(new KestrelSearch("/k", folder.resolve("lib/volant.jar")).find())
        .isEqualTo(Path.of("/k"));
  }

  @Test
  void the_distribution_comes_before_the_repository_around_it() throws Exception {
    Path built = file("kestrel/build/kestrel");
    Path jar = folder.resolve("target/volant/lib/volant.jar");
    assertThat(new KestrelSearch("", jar).find()).isEqualTo(built);
    Path shipped = file("target/volant/libexec/kestrel");
    assertThat(new KestrelSearch(null, jar).find()).isEqualTo(shipped);
  }

  @Test
  void classes_in_the_repository_find_its_build() throws Exception {
    Path built = file("kestrel/build/kestrel");
    assertThat(new KestrelSearch(null, folder.resolve("target/classes")).find()).isEqualTo(built);
  }

  @Test
  void nothing_found_says_how_to_get_it() {
    assertThatExceptionOfType(BuildFailure.class)
        .isThrownBy(() -> new KestrelSearch(null, folder.resolve("a/b/c/d/e/f/x.jar")).find())
        .withMessageContaining("make kestrel")
        .withMessageContaining("FLEDGE_KESTREL");
  }

  private Path file(String name) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, "k");
  }
}
