package io.volant.fledge;

import static org.assertj.core.api.Assertions.assertThat;

import io.volant.fledge.recipe.ImageSource;
import io.volant.fledge.recipe.InitramfsRecipe;
import io.volant.fledge.recipe.RootfsRecipe;
import io.volant.fledge.report.ExitCode;
import io.volant.fledge.step.BuildInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InitCommandTest {
  @TempDir private Path folder;
  private Bench bench;
  private Path made;

  @BeforeEach
  void set_up() throws IOException {
    bench = new Bench(folder);
    made = folder.resolve("my-app");
  }

  @Test
  void what_it_writes_builds_as_it_is() {
    assertThat(bench.run("init", made.toString())).isZero();
    assertThat(bench.output.toString().lines())
        .containsExactly(made + "/fledge.toml", made + "/manifest.toml", made + "/www/index.html");
    assertThat(bench.run("build", "-c", made + "/fledge.toml", "-o", bench.out.toString()))
        .isZero();
    assertThat(bench.out.resolve("my-app.cpio.gz")).exists();
  }

  @Test
  void a_recipe_for_a_root_file_system_is_good_and_names_the_image() {
    assertThat(bench.run("init", made.toString(), "--image", "oci:my \"image\"")).isZero();
    var good = (BuildInput.Good) BuildInput.read(made.resolve("fledge.toml"), null);
    assertThat(good.recipe()).isInstanceOf(RootfsRecipe.class);
    assertThat(good.recipe().image())
        .isEqualTo(new ImageSource.Reference("oci:my \"image\"", made));
    assertThat(good.recipe().warnings()).isEmpty();
  }

  @Test
  void every_combination_is_good() {
    for (String strategy : new String[] {"initramfs", "oci_rootfs"}) {
      assertThat(bench.run("init", made.toString(), "--strategy", strategy, "--force")).isZero();
      assertThat(BuildInput.read(made.resolve("fledge.toml"), null))
          .isInstanceOf(BuildInput.Good.class);
      assertThat(
              bench.run("init", made.toString(), "--strategy", strategy, "--image", "a", "--force"))
          .isZero();
      assertThat(BuildInput.read(made.resolve("fledge.toml"), null))
          .isInstanceOf(BuildInput.Good.class);
    }
    var last = (BuildInput.Good) BuildInput.read(made.resolve("fledge.toml"), null);
    assertThat(last.recipe()).isNotInstanceOf(InitramfsRecipe.class);
  }

  @Test
  void nothing_is_overwritten_unless_asked_to() throws IOException {
    Files.createDirectories(made);
    Files.writeString(made.resolve("manifest.toml"), "mine");
    assertThat(bench.run("init", made.toString())).isEqualTo(ExitCode.OUTPUT.number());
    assertThat(bench.errorLines())
        .containsExactly("fledge: my-app/manifest.toml is there already; --force overwrites it");
    assertThat(made.resolve("fledge.toml")).doesNotExist();
    assertThat(bench.run("init", made.toString(), "--force")).isZero();
    assertThat(made.resolve("manifest.toml")).content().isNotEqualTo("mine");
  }

  @Test
  void another_strategy_and_a_folder_that_cannot_be_are_one_line() throws IOException {
    assertThat(bench.run("init", made.toString(), "--strategy", "disk"))
        .isEqualTo(ExitCode.USAGE.number());
    Files.writeString(folder.resolve("file"), "");
    assertThat(bench.run("init", folder + "/file")).isEqualTo(ExitCode.OUTPUT.number());
    assertThat(bench.errorLines()).hasSize(2);
  }
}
