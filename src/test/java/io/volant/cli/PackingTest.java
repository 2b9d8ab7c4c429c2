package io.volant.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trees into archives and out of them. */
class PackingTest {

  private static final Instant TIME = Instant.parse("2026-11-23T15:00:00Z");

  @TempDir private Path folder;
  private final List<String> complaints = new ArrayList<>();

  @Test
  void a_tree_comes_out_as_it_went_in_under_another_name() throws IOException {
    Path tree = Files.createDirectories(folder.resolve("tree/sub/" + "deep".repeat(40)));
    Path script = Files.writeString(folder.resolve("tree/sub/käse"), "content");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-x---"));
    Files.setLastModifiedTime(script, FileTime.from(TIME));
    Files.createSymbolicLink(tree.resolve("link"), Path.of("../käse"));
    Files.setPosixFilePermissions(
        folder.resolve("tree/sub"), PosixFilePermissions.fromString("r-xr-xr-x"));
    unpack(pack(folder.resolve("tree"), "tree"), "copy");
    Path copy = folder.resolve("copy");
    assertThat(copy.resolve("sub/käse")).hasContent("content");
    assertThat(Files.getPosixFilePermissions(copy.resolve("sub/käse")))
        .isEqualTo(PosixFilePermissions.fromString("rwxr-x---"));
    assertThat(Files.getLastModifiedTime(copy.resolve("sub/käse")).toInstant()).isEqualTo(TIME);
    assertThat(copy.resolve("sub/" + "deep".repeat(40) + "/link")).isSymbolicLink();
    assertThat(Files.getPosixFilePermissions(copy.resolve("sub")))
        .isEqualTo(PosixFilePermissions.fromString("r-xr-xr-x"));
    assertThat(complaints).isEmpty();
  }

  @Test
  void a_file_takes_the_place_of_a_link_and_does_not_follow_it() throws IOException {
    Path precious = Files.writeString(folder.resolve("precious"), "kept");
    Path file = Files.writeString(folder.resolve("file"), "new");
    Files.createSymbolicLink(folder.resolve("there"), precious);
    unpack(pack(file, "file"), "there");
    assertThat(folder.resolve("there")).isRegularFile().hasContent("new");
    assertThat(precious).hasContent("kept");
  }

  @Test
  void nothing_is_written_outside_of_the_place() throws IOException {
    for (String name : List.of("../out", "a/../../out", "/out", "a/..")) {
      assertThatThrownBy(() -> unpack(archive(entry(name, "x")), ""))
          .as(name)
          .hasMessageContaining("leads out");
    }
    TarArchiveEntry link = new TarArchiveEntry("link", TarConstants.LF_SYMLINK);
    link.setLinkName("/tmp");
    assertThatThrownBy(() -> unpack(archive(link, entry("link/out", "x")), ""))
        .hasMessageContaining("through a link");
    TarArchiveEntry hard = new TarArchiveEntry("hard", TarConstants.LF_LINK);
    hard.setLinkName("../../etc/passwd");
    assertThatThrownBy(() -> unpack(archive(hard), "")).hasMessageContaining("leads out");
  }

  @Test
  void no_file_of_a_guest_runs_as_somebody_else_and_devices_are_left_out() throws IOException {
    TarArchiveEntry program = entry("program", "x");
    program.setMode(07755);
    TarArchiveEntry device = new TarArchiveEntry("device", TarConstants.LF_CHR);
    unpack(archive(program, device), "");
    assertThat((Integer) Files.getAttribute(folder.resolve("program"), "unix:mode") & 07777)
        .isEqualTo(0755);
    assertThat(complaints).singleElement().asString().contains("device");
    assertThat(folder.resolve("device")).doesNotExist();
  }

  private static TarArchiveEntry entry(String name, String content) {
    TarArchiveEntry entry = new TarArchiveEntry(name, TarConstants.LF_NORMAL, true);
    entry.setSize(content.length());
    return entry;
  }

  private static byte[] archive(TarArchiveEntry... entries) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
      for (TarArchiveEntry entry : entries) {
        tar.putArchiveEntry(entry);
        tar.write("x".repeat((int) entry.getSize()).getBytes(StandardCharsets.UTF_8));
        tar.closeArchiveEntry();
      }
    }
    return bytes.toByteArray();
  }

  private byte[] pack(Path root, String name) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    new Packing(root, name, complaints::add).run(bytes);
    return bytes.toByteArray();
  }

  private void unpack(byte[] archive, String name) throws IOException {
    new Unpacking(folder, name, false, complaints::add).run(new ByteArrayInputStream(archive));
  }
}
