package io.volant.fledge.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.volant.fledge.RecordingProgress;
import io.volant.fledge.filesystem.FilesystemOptions;
import io.volant.fledge.filesystem.FilesystemType;
import io.volant.fledge.filesystem.FilesystemWriters;
import io.volant.fledge.report.BuildFailure;
import io.volant.fledge.tool.Tools;
import io.volant.fledge.tree.Attributes;
import io.volant.fledge.tree.Content;
import io.volant.fledge.tree.CpioWriter;
import io.volant.fledge.tree.FileTree;
import io.volant.fledge.tree.Sha256;
import io.volant.fledge.tree.TreeEntry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class InspectionTest {
  private static final int MANY = 300;

  @TempDir private Path folder;

  @Test
  void an_initramfs_is_listed_with_modes_owners_sizes_and_targets() throws Exception {
    Path image = initramfs();
    Inspection inspection = Inspection.of(image);
    assertThat(inspection.kind()).isEqualTo(ArtifactKind.INITRAMFS);
    assertThat(inspection.sizeBytes()).isEqualTo(Files.size(image));
    assertThat(inspection.sha256()).isEqualTo(Sha256.of(Files.readAllBytes(image)));
    assertThat(list(image)).contains(EXPECTED);
  }

  @ParameterizedTest
  @EnumSource(
      value = FilesystemType.class,
      names = {"SQUASHFS", "EROFS", "EXT4"})
  void a_root_file_system_is_listed(FilesystemType type) throws Exception {
    Path image = folder.resolve("image");
    FilesystemWriters.of(FilesystemOptions.of(type), Tools.ofHost())
        .write(tree(), image, Files.createDirectory(folder.resolve("s")), new RecordingProgress());
    assertThat(Inspection.of(image).kind().name()).isEqualTo(type.name());
    List<ListedFile> files = list(image);
    List<ListedFile> expected = new ArrayList<>(List.of(EXPECTED));
    if (type == FilesystemType.EXT4) { // debugfs does not list where links lead
      ListedFile link = expected.removeLast();
      assertThat(files).anyMatch(file -> file.path().equals(link.path()) && file.target() == null);
    }
    assertThat(files).containsAll(expected);
    assertThat(files.stream().filter(file -> file.path().startsWith("/many/"))).hasSize(MANY);
  }

  @Test
  void a_mode_is_written_as_ls_does_and_read_back() {
    for (int mode : new int[] {0, 0777, 04755, 02755, 01777, 06644, 01644, 0640}) {
      ListedFile file = new ListedFile("/x", ListedFile.Kind.FILE, mode, 0, 0, 0, null);
      assertThat(ListedFile.modeOf(file.modeText())).isEqualTo(mode);
    }
    assertThat(new ListedFile("/x", ListedFile.Kind.FOLDER, 01777, 0, 0, 0, null).modeText())
        .isEqualTo("drwxrwxrwt");
    assertThat(new ListedFile("/x", ListedFile.Kind.FILE, 06644, 0, 0, 0, null).modeText())
        .isEqualTo("-rwSr-Sr--");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "hello",
        "070702" + "00000000",
        // A name of 4 GiB, and one of no bytes.
        "070701"
            + "0000000000000000000000000000000000000001000000000000000000000000000000000000"
            + "0000000000000000ffffffff00000000",
        "070701"
            + "0000000000000000000000000000000000000001000000000000000000000000000000000000"
            + "00000000000000000000000000000000",
        // Something else than digits.
        "070701"
            + "000000000000000000000000000000000000000100000000000000000000000000000000000-"
            + "00000000000000000000000200000000",
      })
  void what_is_no_archive_in_gzip_is_refused_at_once(String archive) throws Exception {
    Path image = gzip(archive.getBytes(StandardCharsets.UTF_8));
    assertThatExceptionOfType(BuildFailure.class)
        .isThrownBy(() -> list(image))
        .withMessageStartingWith(image + " is not a good initramfs (cpio.gz): ");
  }

  @Test
  void an_archive_that_is_cut_short_is_refused_wherever_the_cut_is() throws Exception {
    byte[] whole;
    try (var gzip = new GZIPInputStream(Files.newInputStream(initramfs()))) {
      whole = gzip.readAllBytes();
    }
    Random random = new Random(1);
    int end = new String(whole, StandardCharsets.ISO_8859_1).indexOf("TRAILER");
    for (int round = 0; round < 50; round++) {
      Path image = gzip(Arrays.copyOf(whole, random.nextInt(end)));
      assertThatExceptionOfType(BuildFailure.class).isThrownBy(() -> list(image));
    }
  }

  @Test
  void a_changed_erofs_is_listed_or_refused_and_never_more() throws Exception {
    Path image = folder.resolve("image");
    FilesystemWriters.of(FilesystemOptions.of(FilesystemType.EROFS), Tools.ofHost())
        .write(tree(), image, Files.createDirectory(folder.resolve("s")), new RecordingProgress());
    byte[] good = Files.readAllBytes(image);
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int round = 0; round < 200; round++) {
      byte[] changed = good.clone();
      for (int i = 0; i < 20; i++) {
        changed[1028 + random.nextInt(changed.length - 1028)] = (byte) random.nextInt(256);
      }
      Files.write(image, changed);
      try {
        new ErofsLister().list(image, _ -> {});
      } catch (BuildFailure refused) {
        assertThat(refused).hasMessageStartingWith(image + " is not a good erofs");
      } catch (RuntimeException | Error failure) {
        throw new AssertionError("seed " + seed + ", round " + round, failure);
      }
    }
  }

  @Test
  void something_else_is_refused() throws Exception {
    Path text = Files.writeString(folder.resolve("text"), "hello");
    assertThatExceptionOfType(BuildFailure.class)
        .isThrownBy(() -> Inspection.of(text))
        .withMessageContaining("is no artifact: neither an initramfs");
    Path zeros = Files.write(folder.resolve("zeros"), new byte[9]);
    assertThatExceptionOfType(BuildFailure.class).isThrownBy(() -> Inspection.of(zeros));
    assertThatExceptionOfType(BuildFailure.class)
        .isThrownBy(() -> Inspection.of(folder.resolve("gone")))
        .withMessageEndingWith("gone: there is no such file");
  }

  private static final ListedFile[] EXPECTED = {
    new ListedFile("/etc", ListedFile.Kind.FOLDER, 0755, 0, 0, 0, null),
    new ListedFile("/etc/a b", ListedFile.Kind.FILE, 0640, 1000, 70000, 5, null),
    new ListedFile("/etc/null", ListedFile.Kind.CHARACTER_DEVICE, 0666, 0, 0, 0, null),
    new ListedFile("/bin", ListedFile.Kind.LINK, 0777, 0, 0, 7, "usr/bin"),
  };

  private static FileTree tree() throws BuildFailure {
    FileTree tree = new FileTree();
    tree.folder("/etc", 0755);
    tree.file(
        "/etc/a b",
        new Attributes(0640, 1000, 70000, Attributes.FIXED_TIME_S, new TreeMap<>()),
        Content.of("12345"));
    tree.replace(
        "/etc/null",
        new TreeEntry.Device(Attributes.ofRoot(0666), TreeEntry.Device.Kind.CHARACTER, 1, 3));
    tree.link("/bin", "usr/bin");
    for (int i = 0; i < MANY; i++) { // more than fit into one block
      tree.file("/many/a-file-with-a-name-" + i, 0644, Content.of("x"));
    }
    return tree;
  }

  private Path initramfs() throws Exception {
    Path image = folder.resolve("image.cpio.gz");
    try (OutputStream out = Files.newOutputStream(image)) {
      CpioWriter.write(tree(), out);
    }
    return image;
  }

  private Path gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    }
    return Files.write(folder.resolve("made.cpio.gz"), out.toByteArray());
  }

  private static List<ListedFile> list(Path image) throws BuildFailure {
    List<ListedFile> files = new ArrayList<>();
    Inspection.of(image).list(files::add);
    return files;
  }
}
