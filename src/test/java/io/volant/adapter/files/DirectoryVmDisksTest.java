package io.volant.adapter.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.volant.adapter.process.CommandRunner;
import io.volant.artifact.DiskFormat;
import io.volant.model.VmId;
import io.volant.vm.LaunchSpec.Base;
import io.volant.vm.LaunchSpec.BlockDevice;
import io.volant.vm.WantedDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against the real tools. */
class DirectoryVmDisksTest {

  private static final VmId VM = new VmId(7);
  private static final CommandRunner COMMANDS = new CommandRunner(Duration.ofSeconds(20));
  private static final WantedDisk.Seed SEED =
      new WantedDisk.Seed("volant-seed", "#cloud-config\nä: 1\n", "instance-id: a\n", null);

  @TempDir private Path home;
  private Path folder;
  private DirectoryVmDisks disks;

  @BeforeEach
  void open() throws IOException {
    folder = Files.createDirectories(home.resolve("vms/7"));
    disks = new DirectoryVmDisks(home.resolve("vms"), COMMANDS, Runnable::run);
  }

  @Test
  void what_nobody_writes_to_is_the_stores_own_file() throws IOException {
    assertThat(ensure(new WantedDisk.Shared("data", "/store/ab", DiskFormat.QCOW2)))
        .containsExactly(new BlockDevice("data", "/store/ab", DiskFormat.QCOW2, true, null));
    assertThat(names()).isEmpty();
  }

  @Test
  void an_empty_disk_is_a_sparse_ext4_with_its_name_as_label() throws Exception {
    List<BlockDevice> made = ensure(new WantedDisk.Empty("volant-overlay", 1L << 30));

    Path file = folder.resolve("volant-overlay.ext4");
    assertThat(made)
        .containsExactly(
            new BlockDevice("volant-overlay", file.toString(), DiskFormat.RAW, false, null));
    assertThat(Files.size(file)).isEqualTo(1L << 30);
    assertThat(ImageHeader.read(file).fileSystem()).isEqualTo("ext4");
    assertThat(COMMANDS.run(List.of("blkid", "-o", "value", "-s", "LABEL", file.toString()), ""))
        .isEqualTo("volant-overlay\n");
    String kib = COMMANDS.run(List.of("du", "-k", file.toString()), "").split("\t", -1)[0];
    assertThat(Integer.parseInt(kib)).as("KiB on the disk").isLessThan(64 * 1_024);
    assertThat(names()).containsExactly("volant-overlay.ext4");
  }

  @Test
  void a_layer_is_a_qcow2_on_the_stores_file_in_the_format_that_was_said() throws Exception {
    Path base = Files.write(home.resolve("base"), new byte[1 << 20]);

    List<BlockDevice> made =
        ensure(new WantedDisk.Layered("volant-root", base.toString(), DiskFormat.RAW));

    Path file = folder.resolve("volant-root.qcow2");
    assertThat(made)
        .containsExactly(
            new BlockDevice(
                "volant-root",
                file.toString(),
                DiskFormat.QCOW2,
                false,
                new Base(base.toString(), DiskFormat.RAW)));
    assertThat(COMMANDS.run(List.of("qemu-img", "info", "--output=json", file.toString()), ""))
        .contains("\"backing-filename-format\": \"raw\"")
        .contains("\"virtual-size\": 1048576");
  }

  @Test
  void a_layer_goes_when_the_vm_has_another_image_and_stays_when_the_store_has_moved()
      throws Exception {
    Path first = Files.write(home.resolve("first"), new byte[1 << 20]);
    Path second = Files.write(home.resolve("second"), new byte[2 << 20]);
    Path moved = Files.createDirectories(home.resolve("moved")).resolve("first");
    Files.copy(first, moved);
    Path file = folder.resolve("volant-root.qcow2");
    ensure(new WantedDisk.Layered("volant-root", first.toString(), DiskFormat.RAW));
    Object made = Files.readAttributes(file, "unix:ino").get("ino");

    ensure(new WantedDisk.Layered("volant-root", moved.toString(), DiskFormat.RAW));
    assertThat(Files.readAttributes(file, "unix:ino").get("ino")).isEqualTo(made);

    ensure(new WantedDisk.Layered("volant-root", second.toString(), DiskFormat.RAW));
    assertThat(COMMANDS.run(List.of("qemu-img", "info", "--output=json", file.toString()), ""))
        .contains("\"virtual-size\": 2097152");
  }

  @Test
  void a_disk_that_is_there_stays_as_the_guest_left_it() throws IOException {
    Files.writeString(folder.resolve("volant-overlay.ext4"), "of the guest");
    Files.writeString(folder.resolve("data.qcow2"), "of the guest too");

    ensure(
        new WantedDisk.Layered("data", "/no/such/base", DiskFormat.RAW),
        new WantedDisk.Empty("volant-overlay", 1L << 30));

    assertThat(folder.resolve("volant-overlay.ext4")).hasContent("of the guest");
    assertThat(folder.resolve("data.qcow2")).hasContent("of the guest too");
  }

  @Test
  void a_disk_that_a_dead_daemon_left_half_made_is_made_anew() throws IOException {
    Files.writeString(folder.resolve("volant-overlay.ext4.new"), "half");
    Files.createDirectories(folder.resolve("seed.documents"));
    Files.writeString(folder.resolve("seed.documents/user-data"), "old");

    ensure(new WantedDisk.Empty("volant-overlay", 16L << 20), SEED);

    assertThat(ImageHeader.read(folder.resolve("volant-overlay.ext4")).fileSystem())
        .isEqualTo("ext4");
    assertThat(names()).containsExactly("seed.vfat", "volant-overlay.ext4");
  }

  @Test
  void a_seed_has_the_documents_under_the_label_that_cloud_init_looks_for() throws Exception {
    WantedDisk.Seed all =
        new WantedDisk.Seed("volant-seed", SEED.userData(), SEED.metaData(), "version: 2\n");

    assertThat(ensure(all))
        .containsExactly(
            new BlockDevice(
                "volant-seed", folder.resolve("seed.vfat").toString(), DiskFormat.RAW, true, null));

    assertThat(label()).isEqualTo("CIDATA\n");
    assertThat(documents())
        .isEqualTo(
            Map.of(
                "user-data", SEED.userData(),
                "meta-data", SEED.metaData(),
                "network-config", "version: 2\n"));
  }

  @Test
  void a_seed_is_made_anew_each_time_and_the_same_documents_give_the_same_bytes() throws Exception {
    ensure(SEED);
    byte[] first = Files.readAllBytes(folder.resolve("seed.vfat"));
    Files.setLastModifiedTime(folder, FileTime.fromMillis(0));
    ensure(SEED);
    assertThat(folder.resolve("seed.vfat")).hasBinaryContent(first);

    ensure(new WantedDisk.Seed("volant-seed", "other", "instance-id: a\n", null));
    assertThat(documents()).containsEntry("user-data", "other");
  }

  @Test
  void three_documents_of_the_largest_size_fit() throws Exception {
    String large = "x".repeat(1 << 20);
    ensure(new WantedDisk.Seed("volant-seed", large, large, large));
    assertThat(documents()).containsOnlyKeys("user-data", "meta-data", "network-config");
    assertThat(documents().get("network-config")).hasSize(1 << 20);
  }

  @Test
  void what_goes_wrong_names_the_disk_and_leaves_nothing() throws IOException {
    assertThatThrownBy(() -> ensure(new WantedDisk.Layered("data", "/no/such", DiskFormat.RAW)))
        .cause()
        .hasMessageContaining("cannot make the disk data: ")
        .hasMessageContaining("/no/such");
    assertThat(names()).isEmpty();
  }

  @Test
  void a_program_that_is_missing_is_told_with_its_package() {
    assertThat(List.of("qemu-img", "mkfs.ext4", "mkfs.vfat", "mcopy"))
        .extracting(program -> CommandRunner.missing(program).getMessage())
        .containsExactly(
            "the program qemu-img is not installed: get it with apt-get install qemu-utils"
                + " (Debian, Ubuntu)",
            "the program mkfs.ext4 is not installed: get it with apt-get install e2fsprogs"
                + " (Debian, Ubuntu)",
            "the program mkfs.vfat is not installed: get it with apt-get install dosfstools"
                + " (Debian, Ubuntu)",
            "the program mcopy is not installed: get it with apt-get install mtools"
                + " (Debian, Ubuntu)");
  }

  private List<BlockDevice> ensure(WantedDisk... wanted) {
    return disks.ensure(VM, List.of(wanted)).toCompletableFuture().join();
  }

  private String label() throws Exception {
    Path seed = folder.resolve("seed.vfat");
    return COMMANDS.run(List.of("blkid", "-o", "value", "-s", "LABEL", seed.toString()), "");
  }

  private Map<String, String> documents() throws Exception {
    Map<String, String> found = new java.util.HashMap<>();
    String image = folder.resolve("seed.vfat").toString();
    for (String name : List.of("user-data", "meta-data", "network-config")) {
      Path copy = home.resolve(name);
      Files.deleteIfExists(copy);
      String listed = COMMANDS.run(List.of("mdir", "-b", "-i", image, "::/"), "");
      if (listed.contains(name)) {
        COMMANDS.run(List.of("mcopy", "-i", image, "::/" + name, copy.toString()), "");
        found.put(name, Files.readString(copy));
      }
    }
    return found;
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> String.valueOf(file.getFileName())).sorted().toList();
    }
  }
}
