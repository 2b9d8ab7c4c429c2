package io.volant.adapter.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.volant.vm.LaunchSpec.Kernel;
import io.volant.vm.LaunchSpec.ModuleGroup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DirectoryKernelShelfTest {

  @TempDir private Path shelf;

  @Test
  void our_own_kernel_is_preferred_and_the_distributions_is_the_default() throws IOException {
    Path debian =
        add(
            "debian-cloud",
            "virtioMmio=false",
            "modules=/m/a.ko  /m/b.ko",
            "modulesSegment=m.cpio");
    Files.writeString(debian.resolve("m.cpio"), "");

    assertThat(choose(null))
        .isEqualTo(
            new Kernel(
                "debian-cloud",
                debian.resolve("vmlinuz").toString(),
                false,
                List.of("/m/a.ko", "/m/b.ko"),
                debian.resolve("m.cpio").toString(),
                List.of()));

    Path own = add("volant", "virtioMmio=true", "modules=", "aKeyOfALaterVersion=1");
    assertThat(choose(null))
        .isEqualTo(
            new Kernel(
                "volant", own.resolve("vmlinuz").toString(), true, List.of(), null, List.of()));
    assertThat(choose("debian-cloud").name()).isEqualTo("debian-cloud");
  }

  @Test
  void modules_that_only_some_guests_need_are_groups_in_load_order() throws IOException {
    Path folder =
        add(
            "debian-cloud",
            "virtioMmio=false",
            "modulesBtrfs=/m/xor.ko /m/btrfs.ko",
            "modulesBtrfsSegment=btrfs.cpio",
            "modulesRootfs=/m/squashfs.ko",
            "modulesRootfsSegment=rootfs.cpio");
    Files.writeString(folder.resolve("btrfs.cpio"), "");
    Files.writeString(folder.resolve("rootfs.cpio"), "");

    assertThat(choose(null).groups())
        .containsExactly(
            new ModuleGroup(
                ModuleGroup.Need.ROOTFS,
                List.of("/m/squashfs.ko"),
                folder.resolve("rootfs.cpio").toString()),
            new ModuleGroup(
                ModuleGroup.Need.BTRFS,
                List.of("/m/xor.ko", "/m/btrfs.ko"),
                folder.resolve("btrfs.cpio").toString()));

    Files.delete(folder.resolve("btrfs.cpio"));
    assertThatThrownBy(() -> choose(null))
        .hasMessageContaining("modulesBtrfsSegment=")
        .hasMessageContaining("which is not there");
  }

  @Test
  void an_empty_shelf_says_how_to_get_a_kernel() {
    assertThatThrownBy(() -> choose(null))
        .hasMessageContaining("no kernel in " + shelf)
        .hasMessageContaining("scripts/fetch-kernel");
  }

  @ParameterizedTest
  @ValueSource(strings = {"missing", "../volant", ".new-volant.x", "a/b"})
  void a_name_that_is_not_there_is_answered_with_those_that_are(String name) throws IOException {
    add("volant", "virtioMmio=true");
    add(".new-volant.x", "virtioMmio=true");

    assertThatThrownBy(() -> choose(name))
        .hasMessageContaining("no kernel \"" + name + "\"")
        .hasMessageEndingWith("there are volant");
  }

  @Test
  void an_image_by_path_is_what_its_folder_says_or_else_a_plain_pci_kernel() throws IOException {
    Path own = add("volant", "virtioMmio=true");
    Path bare = Files.writeString(shelf.resolve("bzImage"), "");

    assertThat(choose(own.resolve("vmlinuz").toString())).isEqualTo(choose("volant"));
    assertThat(choose(bare.toString()))
        .isEqualTo(new Kernel("bzImage", bare.toString(), false, List.of(), null, List.of()));
    assertThatThrownBy(() -> choose("/no/such/image")).hasMessageContaining("/no/such/image");
  }

  @Test
  void what_a_properties_file_gets_wrong_is_named() throws IOException {
    add("volant", "virtioMmio=maybe");

    assertThatThrownBy(() -> choose("volant"))
        .hasMessageContaining("volant/kernel.properties")
        .hasMessageContaining("virtioMmio must be true or false, not \"maybe\"");
  }

  private Path add(String name, String... lines) throws IOException {
    Path folder = Files.createDirectory(shelf.resolve(name));
    Files.writeString(folder.resolve("vmlinuz"), "");
    Files.writeString(
        folder.resolve("kernel.properties"),
        "name=" + name + "\nimage=vmlinuz\n" + String.join("\n", lines) + "\n");
    return folder;
  }

  private Kernel choose(@Nullable String name) {
    return new DirectoryKernelShelf(shelf, Runnable::run).choose(name).toCompletableFuture().join();
  }
}
