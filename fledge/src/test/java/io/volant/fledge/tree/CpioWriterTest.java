package io.volant.fledge.tree;

import static org.assertj.core.api.Assertions.assertThat;

import io.volant.fledge.report.BuildFailure;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.cpio.CpioArchiveEntry;
import org.apache.commons.compress.archivers.cpio.CpioArchiveInputStream;
import org.junit.jupiter.api.Test;

class CpioWriterTest {
  private final FileTree tree = new FileTree();

  @Test
  void owners_devices_pipes_and_names_of_one_file_are_kept() throws Exception {
    Attributes theirs = new Attributes(04711, 33, 34, 1_700_000_000, new TreeMap<>());
    TreeEntry file = tree.newFile(theirs, Content.of("once"));
    tree.replace("/b", file);
    tree.replace("/a", file);
    tree.replace("/null", new TreeEntry.Device(theirs, TreeEntry.Device.Kind.CHARACTER, 1, 3));
    tree.replace("/disk", new TreeEntry.Device(theirs, TreeEntry.Device.Kind.BLOCK, 8, 1));
    tree.replace("/pipe", new TreeEntry.Fifo(theirs));

    Map<String, CpioArchiveEntry> entries = read();

    CpioArchiveEntry first = Objects.requireNonNull(entries.get("a=once"));
    CpioArchiveEntry second = Objects.requireNonNull(entries.get("b="));
    assertThat(first.getInode()).isEqualTo(second.getInode());
    assertThat(first.getNumberOfLinks()).isEqualTo(2);
    assertThat(first.getUID()).isEqualTo(33);
    assertThat(first.getGID()).isEqualTo(34);
    assertThat(first.getTime()).isEqualTo(1_700_000_000);
    assertThat(first.getMode()).isEqualTo(0104711);
    CpioArchiveEntry device = Objects.requireNonNull(entries.get("null="));
    assertThat(device.isCharacterDevice()).isTrue();
    assertThat(device.getRemoteDeviceMaj()).isEqualTo(1);
    assertThat(device.getRemoteDeviceMin()).isEqualTo(3);
    assertThat(Objects.requireNonNull(entries.get("disk=")).isBlockDevice()).isTrue();
    assertThat(Objects.requireNonNull(entries.get("pipe=")).isPipe()).isTrue();
  }

  private Map<String, CpioArchiveEntry> read() throws IOException, BuildFailure {
    ByteArrayOutputStream archive = new ByteArrayOutputStream();
    CpioWriter.write(tree, archive);
    Map<String, CpioArchiveEntry> entries = new LinkedHashMap<>();
    try (CpioArchiveInputStream cpio =
        new CpioArchiveInputStream(
            new GZIPInputStream(new ByteArrayInputStream(archive.toByteArray())), 512, "UTF-8")) {
      for (CpioArchiveEntry entry = cpio.getNextEntry();
          entry != null;
          entry = cpio.getNextEntry()) {
        String content = new String(cpio.readAllBytes(), StandardCharsets.UTF_8);
        entries.put(entry.getName() + "=" + content, entry);
      }
    }
    return entries;
  }
}
