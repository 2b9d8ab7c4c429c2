package io.volant.fledge.filesystem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.volant.fledge.report.BuildFailure;
import io.volant.fledge.report.ExitCode;
import io.volant.fledge.tool.Tools;
import io.volant.fledge.tree.Attributes;
import io.volant.fledge.tree.Content;
import io.volant.fledge.tree.FileTree;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(180)
class ErofsWriterTest {
  private static final FilesystemOptions OPTIONS = FilesystemOptions.of(FilesystemType.EROFS);

  @TempDir private Path folder;

  private final Quiet progress = new Quiet();

  @Test
  void everything_is_kept_and_the_file_system_is_sound() throws Exception {
    FileTree tree = Samples.everything();
    Path image = write(tree, "image");

    assertThat(progress.warnings).isEmpty();
    run("fsck.erofs", image.toString());
    assertThat(run("dump.erofs", "--path=/etc/www", image.toString()))
        .contains("Size: 13", "Uid: 33   Gid: 33", "Access: 0640/rw-r-----")
        .contains("Timestamp: 2020-09-13 12:26:41");
    assertThat(run("dump.erofs", "--path=/etc/far", image.toString()))
        .contains("Uid: 100000   Gid: 100001");
    assertThat(run("dump.erofs", "-s", image.toString()))
        .contains("Filesystem UUID:                              " + Fixed.UUID);
  }

  @Test
  void the_kernel_reads_the_same() throws Exception {
    FileTree tree = Samples.everything();
    try (Mounted mounted = Mounted.at(folder.resolve("mounted"), write(tree, "image"), "erofs")) {
      Unpacked.check(tree, mounted.folder());
      Unpacked.checkExtended(mounted.folder());
      assertThat(Files.getAttribute(mounted.folder(), "unix:nlink")).isEqualTo(8);
    }
  }

  @Test
  void two_builds_have_the_same_bytes() throws Exception {
    assertThat(write(Samples.everything(), "first"))
        .hasSameBinaryContentAs(write(Samples.everything(), "second"));
  }

  /** Ends of contents stand beside their inodes only where there is room in the block. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 63, 64, 4031, 4032, 4033, 4095, 4096, 4097, 8128, 8129, 8191, 300_000})
  void contents_of_every_length_are_kept(int bytes) throws Exception {
    FileTree tree = new FileTree();
    for (int i = 0; i < 5; i++) {
      tree.file("/" + i, 0644, Content.of(Samples.random(bytes + i)));
    }
    Path out = Files.createDirectory(folder.resolve("out"));

    run("fsck.erofs", "--extract=" + out, "--overwrite", write(tree, "image").toString());

    for (int i = 0; i < 5; i++) {
      assertThat(out.resolve("" + i)).hasBinaryContent(Samples.random(bytes + i));
    }
  }

  @Test
  void names_stand_in_the_order_of_their_bytes() throws Exception {
    FileTree tree = new FileTree();
    // UTF-16 puts the first behind the second, UTF-8 before it; "!" and "-" are before "." and
    // "..".
    for (String name : List.of("\uffee", "\ud83d\ude00", "!", "-", ".a", "..b", "a", "a!", "aa")) {
      tree.file("/" + name, 0644, Content.of(name));
    }
    Path image = write(tree, "image");

    run("fsck.erofs", image.toString());
    try (Mounted mounted = Mounted.at(folder.resolve("mounted"), image, "erofs")) {
      Unpacked.check(tree, mounted.folder());
    }
  }

  @Test
  void many_and_large_extended_attributes_are_kept() throws Exception {
    FileTree tree = new FileTree();
    TreeMap<String, String> extended = new TreeMap<>();
    for (int i = 0; i < 100; i++) {
      extended.put("user.attribute" + i, "v".repeat(i));
    }
    extended.put("user.large", "L".repeat(20_000));
    extended.put("trusted.overlay.opaque", "y");
    tree.file("/file", Attributes.ofRoot(0644).withExtended(extended), Content.of("content"));
    Path image = write(tree, "image");

    run("fsck.erofs", image.toString());
    try (Mounted mounted = Mounted.at(folder.resolve("mounted"), image, "erofs")) {
      Path file = mounted.folder().resolve("file");
      assertThat(file).hasContent("content");
      for (Map.Entry<String, String> one : extended.entrySet()) {
        if (one.getKey().startsWith("user.")) {
          assertThat(Files.getAttribute(file, one.getKey().replace("user.", "user:")))
              .isEqualTo(one.getValue().getBytes(StandardCharsets.ISO_8859_1));
        }
      }
    }
  }

  @Test
  void what_the_format_cannot_hold_is_told() throws Exception {
    FileTree tree = new FileTree();
    tree.file(
        "/file",
        Attributes.ofRoot(0644).withExtended(new TreeMap<>(Map.of("system.nfs4_acl", "?"))),
        Content.of(""));

    write(tree, "image");

    assertThat(progress.warnings)
        .containsExactly("erofs: the attribute system.nfs4_acl of /file is left out");
  }

  @Test
  void a_file_of_more_than_4_gib_is_kept_and_zeros_take_no_room() throws Exception {
    long bytes = (4L << 30) + 5;
    Path source = folder.resolve("source");
    try (var file = new RandomAccessFile(source.toFile(), "rw")) {
      file.setLength(bytes);
      file.seek(bytes - 5);
      file.write("large".getBytes(StandardCharsets.US_ASCII));
    }
    FileTree tree = new FileTree();
    tree.file("/large", 0644, Content.of(source));
    tree.file("/z", 0644, Content.of("behind"));

    Path image = write(tree, "image");

    assertThat(run("dump.erofs", "--path=/large", image.toString())).contains("Size: " + bytes);
    assertThat(Files.size(image)).isGreaterThan(4L << 30);
    try (Mounted mounted = Mounted.at(folder.resolve("mounted"), image, "erofs");
        var file = new RandomAccessFile(mounted.folder().resolve("large").toFile(), "r")) {
      file.seek(bytes - 6);
      byte[] end = new byte[6];
      file.readFully(end);
      assertThat(end).isEqualTo("\0large".getBytes(StandardCharsets.US_ASCII));
      assertThat(mounted.folder().resolve("z")).hasContent("behind");
    }
  }

  @Test
  void no_program_is_needed_and_a_failure_leaves_no_image() throws Exception {
    Path source = Files.write(folder.resolve("source"), new byte[1000]);
    FileTree tree = new FileTree();
    tree.file("/data", 0644, Content.of(source));
    Files.write(source, new byte[10]);
    Path image = folder.resolve("image");

    assertThatThrownBy(() ->
            FilesystemWriters.of(OPTIONS, Tools.in(List.of())).write(tree, image, folder, progress))
        .isInstanceOf(BuildFailure.class)
        .hasMessageContaining("/data has become shorter");
    assertThat(image).doesNotExist();
  }

  private Path write(FileTree tree, String name) throws BuildFailure, IOException {
    Path image = folder.resolve(name);
    FilesystemWriters.of(OPTIONS, Tools.in(List.of())).write(tree, image, folder, progress);
    return image;
  }

  private static String run(String program, String... arguments) throws BuildFailure {
    return Tools.ofHost()
        .find(program, "erofs-utils")
        .call(arguments)
        .with("TZ", "UTC")
        .run(ExitCode.OUTPUT);
  }
}
