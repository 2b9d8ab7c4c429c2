package io.volant.adapter.files;

import static org.assertj.core.api.Assertions.assertThat;

import io.volant.adapter.process.CommandRunner;
import io.volant.artifact.DiskFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** With images as the real tools make them, and with such as nobody should make. */
class ImageHeaderTest {

  private static final int MAGIC = 0x514649fb;
  private static final CommandRunner COMMANDS = new CommandRunner(Duration.ofSeconds(20));

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "ext4,mkfs.ext4 -q IMAGE 8M",
    "vfat,mkfs.vfat -C IMAGE 4096",
    "squashfs,mksquashfs FOLDER IMAGE -quiet -no-progress",
    "erofs,mkfs.erofs -d0 IMAGE FOLDER",
  })
  void a_file_system_is_told_by_its_first_bytes(String fileSystem, String command)
      throws Exception {
    Path image = folder.resolve("image");
    Path tree = Files.createDirectory(folder.resolve("tree"));
    Files.writeString(tree.resolve("file"), "content");
    COMMANDS.run(
        List.of(
            command
                .replace("IMAGE", image.toString())
                .replace("FOLDER", tree.toString())
                .split(" ", -1)),
        "");

    ImageHeader header = ImageHeader.read(image);

    assertThat(header.fileSystem()).isEqualTo(fileSystem);
    assertThat(header.problem(DiskFormat.RAW)).isNull();
    assertThat(header.problem(DiskFormat.QCOW2)).contains("is not a qcow2 image");
  }

  @Test
  void marks_of_kinds_whose_tools_are_not_here_are_known_too() {
    assertThat(with(0, "XFSB").fileSystem()).isEqualTo("xfs");
    assertThat(with(65_600, "_BHRfS_M").fileSystem()).isEqualTo("btrfs");
    assertThat(with(32_769, "CD001").fileSystem()).isEqualTo("iso9660");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 54, 1_080, 1_081, 65_603})
  void an_image_that_ends_early_has_no_known_file_system(int length) {
    assertThat(ImageHeader.of(new byte[length]).fileSystem()).isNull();
    assertThat(ImageHeader.of(new byte[length]).problem(DiskFormat.RAW)).isNull();
  }

  @Test
  void a_whole_qcow2_is_taken_and_not_as_a_raw_image() throws Exception {
    Path image = folder.resolve("image.qcow2");
    qemuImg("create", "-q", "-f", "qcow2", image.toString(), "8M");

    assertThat(ImageHeader.read(image).problem(DiskFormat.QCOW2)).isNull();
    assertThat(ImageHeader.read(image).problem(DiskFormat.RAW)).contains("is a qcow2 image");
  }

  @Test
  void a_qcow2_of_the_older_version_or_compressed_is_taken() throws Exception {
    Path old = folder.resolve("old.qcow2");
    qemuImg("create", "-q", "-f", "qcow2", "-o", "compat=0.10", old.toString(), "8M");
    Path zstd = folder.resolve("zstd.qcow2");
    qemuImg("create", "-q", "-f", "qcow2", "-o", "compression_type=zstd", zstd.toString(), "8M");

    assertThat(ImageHeader.read(old).problem(DiskFormat.QCOW2)).isNull();
    assertThat(ImageHeader.read(zstd).problem(DiskFormat.QCOW2)).isNull();
  }

  @Test
  void a_qcow2_that_builds_on_another_file_is_refused() throws Exception {
    Path image = folder.resolve("image.qcow2");
    qemuImg(
        "create",
        "-q",
        "-f",
        "qcow2",
        "-F",
        "raw",
        "-b",
        "/etc/passwd",
        "-u",
        image.toString(),
        "8M");

    assertThat(ImageHeader.read(image).problem(DiskFormat.QCOW2))
        .contains("builds on another file of the host");
  }

  @Test
  void a_qcow2_with_its_data_elsewhere_is_refused() throws Exception {
    Path image = folder.resolve("image.qcow2");
    String data = "data_file=" + folder.resolve("data") + ",data_file_raw=on";
    qemuImg("create", "-q", "-f", "qcow2", "-o", data, image.toString(), "8M");

    assertThat(ImageHeader.read(image).problem(DiskFormat.QCOW2))
        .contains("has its data in another file of the host");
  }

  @Test
  void a_made_up_header_is_refused_whatever_it_claims() {
    assertThat(qcow2(3, 0, 7, 0, 0)).contains("builds on another file");
    assertThat(qcow2(3, -1, 0, 0, 0)).contains("builds on another file");
    assertThat(qcow2(3, Long.MIN_VALUE, 0, 0, 0)).contains("builds on another file");
    assertThat(qcow2(3, 0, 0, 2, 0)).contains("encrypted");
    assertThat(qcow2(3, 0, 0, 0, 4)).contains("data in another file");
    assertThat(qcow2(3, 0, 0, 0, 1L << 63)).contains("0x8000000000000000");
    assertThat(qcow2(1, 0, 0, 0, 0)).contains("version 1");
    assertThat(qcow2(-1, 0, 0, 0, 0)).contains("version 4294967295");
    assertThat(qcow2(3, 0, 0, 0, 3)).isNull();
    assertThat(qcow2(2, 0, 0, 0, 4)).as("version 2 has no features there").isNull();
  }

  @Test
  void no_bytes_make_the_look_fail() {
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 2_000; i++) {
      byte[] bytes = new byte[random.nextInt(120)];
      random.nextBytes(bytes);
      if (bytes.length >= 8) {
        ByteBuffer.wrap(bytes).putInt(MAGIC).putInt(3);
      }
      ImageHeader header = ImageHeader.of(bytes);
      assertThat(header.problem(DiskFormat.QCOW2)).as("seed %d", seed).isNotNull();
      assertThat(header.fileSystem()).as("seed %d", seed).isNotEqualTo("squashfs");
    }
  }

  private static @Nullable String qcow2(
      int version, long backingOffset, int backingSize, int encryption, long features) {
    ByteBuffer header = ByteBuffer.allocate(104);
    header.putInt(MAGIC).putInt(version).putLong(backingOffset).putInt(backingSize);
    header.putInt(32, encryption).putLong(72, features);
    return ImageHeader.of(header.array()).problem(DiskFormat.QCOW2);
  }

  private static ImageHeader with(int offset, String mark) {
    byte[] bytes = new byte[offset + mark.length()];
    System.arraycopy(mark.getBytes(StandardCharsets.US_ASCII), 0, bytes, offset, mark.length());
    return ImageHeader.of(bytes);
  }

  private static void qemuImg(String... arguments) throws IOException, InterruptedException {
    List<String> command = new java.util.ArrayList<>(List.of("qemu-img"));
    command.addAll(List.of(arguments));
    COMMANDS.run(command, "");
  }
}
