package io.volant.fledge.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.volant.fledge.report.BuildFailure;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;

class TarWriterTest {
  private final FileTree tree = new FileTree();

  @Test
  void the_root_folder_comes_first() throws Exception {
    tree.folder("/", new Attributes(0750, 1, 2, 3, new TreeMap<>()));
    tree.file("/a", 0644, Content.of(""));

    TarArchiveEntry root = read().values().iterator().next();

    assertThat(root.getName()).isEqualTo("./");
    assertThat(root.getMode()).isEqualTo(0750);
    assertThat(root.getLongUserId()).isEqualTo(1);
    assertThat(root.getLongGroupId()).isEqualTo(2);
    assertThat(root.getLastModifiedTime().toMillis()).isEqualTo(3000);
  }

  @Test
  void long_names_large_numbers_and_early_times_are_kept() throws Exception {
    String name = "ü".repeat(100);
    tree.file("/" + name, new Attributes(0644, -2, 3_000_000, -5, new TreeMap<>()), Content.of(""));
    tree.link("/link", "x".repeat(300));

    Map<String, TarArchiveEntry> entries = read();

    TarArchiveEntry file = Objects.requireNonNull(entries.get(name));
    assertThat(file.getLongUserId()).isEqualTo(4_294_967_294L);
    assertThat(file.getLongGroupId()).isEqualTo(3_000_000);
    assertThat(file.getLastModifiedTime().toMillis()).isEqualTo(-5000);
    assertThat(Objects.requireNonNull(entries.get("link")).getLinkName()).hasSize(300);
  }

  @Test
  void a_file_with_two_names_stands_there_once() throws Exception {
    TreeEntry file = tree.newFile(Attributes.ofRoot(0600), Content.of("once"));
    tree.replace("/b", file);
    tree.replace("/a", file);

    Map<String, TarArchiveEntry> entries = read();

    assertThat(Objects.requireNonNull(entries.get("a")).getSize()).isEqualTo(4);
    TarArchiveEntry second = Objects.requireNonNull(entries.get("b"));
    assertThat(second.isLink()).isTrue();
    assertThat(second.getLinkName()).isEqualTo("a");
  }

  @Test
  void devices_have_their_numbers() throws Exception {
    Attributes theirs = Attributes.ofRoot(0600);
    tree.replace("/disk", new TreeEntry.Device(theirs, TreeEntry.Device.Kind.BLOCK, 259, 70_000));
    tree.replace("/pipe", new TreeEntry.Fifo(theirs));

    Map<String, TarArchiveEntry> entries = read();

    TarArchiveEntry disk = Objects.requireNonNull(entries.get("disk"));
    assertThat(disk.isBlockDevice()).isTrue();
    assertThat(disk.getDevMajor()).isEqualTo(259);
    assertThat(disk.getDevMinor()).isEqualTo(70_000);
    assertThat(Objects.requireNonNull(entries.get("pipe")).isFIFO()).isTrue();
  }

  @Test
  void records_know_their_own_length() throws Exception {
    // lengths around the step from two to three and from three to four digits
    for (int length = 60; length < 1000; length++) {
      String value = "v".repeat(length);
      FileTree one = new FileTree();
      one.file(
          "/a",
          Attributes.ofRoot(0644).withExtended(new TreeMap<>(Map.of("user.a", value))),
          Content.of(""));

      TarArchiveEntry entry = Objects.requireNonNull(read(one).get("a"));

      assertThat(entry.getExtraPaxHeader("SCHILY.xattr.user.a")).isEqualTo(value);
    }
  }

  @Test
  void bytes_of_extended_attributes_are_kept() throws Exception {
    tree.file(
        "/a",
        Attributes.ofRoot(0644).withExtended(new TreeMap<>(Map.of("user.a", "\u0000ÿ\n="))),
        Content.of(""));

    String archive = new String(written(tree), StandardCharsets.ISO_8859_1);

    assertThat(archive).contains("SCHILY.xattr.user.a=\u0000ÿ\n=\n");
  }

  @Test
  void a_content_of_another_size_is_refused() {
    assertThatThrownBy(() -> ContentCopy.copy("/a", wrong(4), new ByteArrayOutputStream()))
        .hasMessage("/a has become shorter while it was read");
    assertThatThrownBy(() -> ContentCopy.copy("/a", wrong(2), new ByteArrayOutputStream()))
        .hasMessage("/a has become longer while it was read");
  }

  /** Three bytes that say that they are more or fewer. */
  private static Content wrong(long sizeBytes) {
    return new Content() {
      @Override
      public long sizeBytes() {
        return sizeBytes;
      }

      @Override
      public ByteArrayInputStream open() {
        return new ByteArrayInputStream(new byte[3]);
      }
    };
  }

  private Map<String, TarArchiveEntry> read() throws IOException, BuildFailure {
    return read(tree);
  }

  private static Map<String, TarArchiveEntry> read(FileTree tree) throws IOException {
    Map<String, TarArchiveEntry> entries = new LinkedHashMap<>();
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(new ByteArrayInputStream(written(tree)), "UTF-8")) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        entries.put(entry.getName(), entry);
      }
    }
    return entries;
  }

  private static byte[] written(FileTree tree) throws IOException {
    ByteArrayOutputStream archive = new ByteArrayOutputStream();
    TarWriter.write(tree, archive);
    return archive.toByteArray();
  }
}
