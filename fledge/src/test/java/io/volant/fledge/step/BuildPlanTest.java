package io.volant.fledge.step;

import static org.assertj.core.api.Assertions.assertThat;

import io.volant.fledge.Bench;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The plan of every kind of recipe, as a list that a person can read. */
class BuildPlanTest {
  @TempDir private Path folder;
  private Bench bench;

  @BeforeEach
  void set_up() throws IOException {
    bench = new Bench(folder);
  }

  @Test
  void kestrel_is_first() throws IOException {
    assertThat(plan("initramfs", ""))
        .containsExactly(
            "lay out folders",
            "add busybox",
            "add 0 mappings",
            "add kestrel as /init",
            "write hello.cpio.gz",
            "write hello.manifest.json",
            "put the results in place");
  }

  @Test
  void an_image_is_below_everything() throws IOException {
    assertThat(plan("initramfs", "[source]\nimage = 'alpine:3'\n[mappings]\na = '/a'\n"))
        .containsExactly(
            "fetch alpine:3",
            "look how the image wants to be run",
            "unpack the image",
            "lay out folders",
            "add busybox",
            "add 1 mapping",
            "add kestrel as /init",
            "write hello.cpio.gz",
            "write hello.manifest.json",
            "put the results in place");
  }

  @Test
  void a_program_of_the_users_is_first() throws IOException {
    assertThat(plan("initramfs", "[init]\npath = 'mine'\n"))
        .containsExactly(
            "lay out folders",
            "add busybox",
            "add 0 mappings",
            "add mine as /init",
            "check /init",
            "write hello.cpio.gz",
            "write hello.manifest.json",
            "put the results in place");
  }

  @Test
  void nothing_is_added_to_what_brings_its_own_init() throws IOException {
    assertThat(plan("initramfs", "[init]\nnone = true\n"))
        .containsExactly(
            "add 0 mappings",
            "check /init",
            "write hello.cpio.gz",
            "write hello.manifest.json",
            "put the results in place");
  }

  @Test
  void a_root_file_system_is_the_image_and_the_mappings() throws IOException {
    assertThat(plan("oci_rootfs", "[source]\nimage = 'oci:dir'\n"))
        .containsExactly(
            "fetch oci:dir",
            "look how the image wants to be run",
            "unpack the image",
            "add 0 mappings",
            "write hello.img as squashfs",
            "write hello.manifest.json",
            "put the results in place");
  }

  @Test
  void a_dockerfile_is_built_before_anything_else() throws IOException {
    assertThat(
            plan(
                "oci_rootfs",
                "[source]\ndockerfile = 'D'\ntarget = 'run'\n[filesystem]\ntype = 'ext4'\n"))
        .containsExactly(
            "build D (stage run)",
            "take over the image",
            "look how the image wants to be run",
            "unpack the image",
            "add 0 mappings",
            "write hello.img as ext4",
            "write hello.manifest.json",
            "put the results in place");
  }

  private List<String> plan(String strategy, String more) throws IOException {
    Path recipe = folder.resolve("recipe/fledge.toml");
    Files.writeString(recipe, "version = '1'\nstrategy = '" + strategy + "'\n" + more);
    if (BuildInput.read(recipe, null) instanceof BuildInput.Good(var good, var defaults)) {
      return BuildPlan.of(BuildOrder.of(good, defaults, folder), bench.workbench()).titles();
    }
    throw new AssertionError("the recipe is refused: " + BuildInput.read(recipe, null));
  }
}
