package io.volant.fledge.oci.tar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.volant.fledge.oci.Tars;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TarReaderTest {
  @TempDir private Path folder;

  @Test
  void extended_attributes_are_exact_to_the_byte() throws Exception {
    StringBuilder all = new StringBuilder();
    for (char c = 0; c < 256; c++) {
      all.append(c);
    }
    List<TarEntry> entries =
        entries(
            Tars.tar()
                .pax("SCHILY.xattr.security.capability=" + all, "SCHILY.xattr.user.a=b=c\n")
                .file("a", "")
                .file("b", ""));
    assertThat(entries.getFirst().attributes().extended())
        .containsEntry("security.capability", all.toString())
        .containsEntry("user.a", "b=c\n")
        .hasSize(2);
    assertThat(entries.get(1).attributes().extended()).isEmpty();
  }

  @Test
  void long_names_come_in_three_forms() throws Exception {
    String pax = "p/".repeat(150) + "ä";
    String gnu = "g/".repeat(150) + "ö";
    String ustar = "u".repeat(60) + "/" + "v".repeat(80);
    List<TarEntry> entries =
        entries(
            Tars.tar()
                .link(pax, pax)
                .raw("././@LongLink", TarConstants.LF_GNUTYPE_LONGNAME, zero(gnu))
                .raw("././@LongLink", TarConstants.LF_GNUTYPE_LONGLINK, zero(gnu))
                .link("short", "short"));
    assertThat(entries).extracting(TarEntry::name).containsExactly(pax, gnu);
    assertThat(entries).extracting(TarEntry::linkName).containsExactly(pax, gnu);
    byte[] header = Tars.tar().file("v".repeat(80), "").bytes();
    put(header, 345, "u".repeat(60));
    checksum(header);
    assertThat(entries(header)).extracting(TarEntry::name).containsExactly(ustar);
  }

  private static byte[] zero(String text) {
    return (text + "\0").getBytes(StandardCharsets.UTF_8);
  }

  private static void put(byte[] block, int offset, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    System.arraycopy(bytes, 0, block, offset, bytes.length);
  }

  private static void checksum(byte[] block) {
    Arrays.fill(block, 148, 156, (byte) ' ');
    int sum = 0;
    for (int i = 0; i < 512; i++) {
      sum += block[i] & 0xFF;
    }
    put(block, 148, String.format("%06o\0 ", sum));
  }

  @Test
  void a_global_header_is_passed_over() throws Exception {
    byte[] tar = Tars.tar().pax("path=elsewhere").file("a", "").bytes();
    tar[156] = 'g';
    checksum(tar);
    List<TarEntry> entries = entries(tar);
    assertThat(entries).extracting(TarEntry::name).containsExactly("a");
  }

  @Test
  void extended_numbers_go_before_those_of_the_header() throws Exception {
    TarEntry entry =
        entries(
                Tars.tar()
                    .pax("uid=2147483647", "gid=7", "mtime=1234567890.987", "path=x", "size=3")
                    .file("a", "abc"))
            .getFirst();
    assertThat(entry.attributes().uid()).isEqualTo(Integer.MAX_VALUE);
    assertThat(entry.attributes().gid()).isEqualTo(7);
    assertThat(entry.attributes().modifiedS()).isEqualTo(1_234_567_890);
    assertThat(entry.name()).isEqualTo("x");
    assertThat(entry.body().sizeBytes()).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "uid=-1",
        "uid=2147483648",
        "uid=x",
        "uid=+1",
        "size=-1",
        "size=99999999999",
        "size=99999999999999999999",
        "mtime=..",
        "=x",
        "path=a\0b",
        "path=\u00FF\u00FE",
        "SCHILY.xattr.=x",
        "GNU.sparse.map=1",
        "GNU.sparse.size=-5",
        "GNU.sparse.realsize=5\n",
      })
  void broken_extended_headers_are_refused(String record) {
    String size = record.contains("sparse.map") ? "GNU.sparse.size=10" : "comment=x";
    refused(Tars.tar().pax(size, record).file("a", "abc").bytes());
  }

  @Test
  void half_records_are_refused() {
    for (String body :
        List.of(
            "9",
            "9 ",
            " 9 a=b\n",
            "99 a=b\n",
            "0 a=b\n",
            "6 a=b ",
            "5 ab\n",
            "99999999999 a=b\n",
            "-6 a=b\n")) {
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      refused(Tars.tar().raw("x", (byte) 'x', bytes).file("a", "").bytes());
    }
    refused(Tars.tar().raw("x", (byte) 'x', new byte[1_100_000]).file("a", "").bytes());
    refused(Tars.tar().pax("path=x").bytes());
  }

  @Test
  void broken_headers_are_refused() {
    byte[] good = Tars.tar().file("a", "abc").bytes();
    for (int[] change : new int[][] {{100, 'x'}, {108, '9'}, {124, 0xC0}, {124, '8'}, {136, 'z'}}) {
      byte[] bad = good.clone();
      bad[change[0]] = (byte) change[1];
      checksum(bad);
      refused(bad);
    }
    byte[] wrongSum = good.clone();
    wrongSum[0] = 'b';
    refused(wrongSum);
    byte[] afterEnd = Arrays.copyOf(good, 512 + 512 + 512 + 512);
    Arrays.fill(afterEnd, 1024, 1536, (byte) 0);
    System.arraycopy(good, 0, afterEnd, 1536, 512);
    refused(afterEnd);
  }

  @Test
  void an_archive_may_end_without_its_mark() throws Exception {
    byte[] tar = Tars.tar().file("a", "abc").bytes();
    assertThat(entries(Arrays.copyOf(tar, 1024))).hasSize(1);
    assertThat(entries(Arrays.copyOf(tar, 512 + 3))).hasSize(1);
    refused(Arrays.copyOf(tar, 512 + 2));
    refused(Arrays.copyOf(tar, 511));
  }

  @Test
  void contents_are_read_where_they_stand() throws Exception {
    String text = "0123456789".repeat(50_000);
    Path file = Files.write(folder.resolve("x.tar"), Tars.tar().file("a", text).bytes());
    try (FileChannel channel = FileChannel.open(file)) {
      TarEntry entry = java.util.Objects.requireNonNull(new TarReader(channel).next());
      TarContent content = new TarContent(channel, entry.body());
      try (InputStream once = content.open();
          InputStream twice = content.open()) {
        assertThat(once.skip(10)).isEqualTo(10);
        assertThat(once.read()).isEqualTo('0');
        assertThat(new String(twice.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo(text);
        assertThat(twice.read()).isEqualTo(-1);
        assertThat(once.available()).isEqualTo(text.length() - 11);
        java.io.ByteArrayOutputStream rest = new java.io.ByteArrayOutputStream();
        assertThat(once.transferTo(rest)).isEqualTo(text.length() - 11);
        assertThat(rest.toString(StandardCharsets.UTF_8)).isEqualTo(text.substring(11));
      }
    }
  }

  /** GNU tar writes all four forms of sparse files. */
  @ParameterizedTest
  @ValueSource(strings = {"gnu", "0.0", "0.1", "1.0"})
  void sparse_files_get_their_holes_back(String form) throws Exception {
    Path source = Files.createDirectory(folder.resolve("source"));
    byte[] expected = new byte[3_000_000];
    try (var channel =
        FileChannel.open(
            source.resolve("sparse"),
            java.nio.file.StandardOpenOption.CREATE_NEW,
            java.nio.file.StandardOpenOption.WRITE,
            java.nio.file.StandardOpenOption.SPARSE)) {
      for (int i = 0; i < 40; i++) { // more pieces than one header has room for
        int at = 65_536 * (i + 1) + 4096;
        byte[] piece = ("piece " + i).getBytes(StandardCharsets.UTF_8);
        System.arraycopy(piece, 0, expected, at, piece.length);
        channel.write(java.nio.ByteBuffer.wrap(piece), at);
      }
      channel.write(java.nio.ByteBuffer.wrap(new byte[1]), expected.length - 1);
    }
    Files.writeString(source.resolve("z"), "after");
    Path tar = folder.resolve("sparse.tar");
    List<String> command = new ArrayList<>(List.of("tar", "-C", source.toString(), "-S"));
    command.addAll(
        form.equals("gnu")
            ? List.of("--format=gnu")
            : List.of("--format=posix", "--sparse-version=" + form));
    command.addAll(List.of("-cf", tar.toString(), "sparse", "z"));
    Process program = new ProcessBuilder(command).inheritIO().start();
    assertThat(program.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(program.exitValue()).isZero();
    try (FileChannel channel = FileChannel.open(tar)) {
      List<TarEntry> entries = read(channel);
      assertThat(entries).extracting(TarEntry::name).containsExactly("sparse", "z");
      assertThat(entries.getFirst().body().isWhole()).isFalse();
      assertThat(entries.getFirst().body().storedBytes()).isLessThan(expected.length);
      try (InputStream content = new TarContent(channel, entries.getFirst().body()).open()) {
        assertThat(content.readAllBytes()).isEqualTo(expected);
      }
      try (InputStream content = new TarContent(channel, entries.get(1).body()).open()) {
        assertThat(content.readAllBytes()).asString().isEqualTo("after");
      }
    }
  }

  @Test
  void broken_sparse_maps_are_refused() {
    for (String map :
        List.of("0,5,3,1", "8,5", "0,99", "5", "-1,1", "0,-1", "x,1", "9223372036854775807,1")) {
      refused(
          Tars.tar().pax("GNU.sparse.size=10", "GNU.sparse.map=" + map).file("a", "abc").bytes());
    }
    for (String body : List.of("", "1\n0\n", "99999999999\n", "x\n", "1\n0\n9\n", "2000000\n")) {
      String[] records = {"GNU.sparse.major=1", "GNU.sparse.minor=0", "GNU.sparse.realsize=10"};
      refused(Tars.tar().pax(records).file("a", body).bytes());
      refused(Tars.tar().pax(records).file("a", body + "\n".repeat(512 - body.length())).bytes());
    }
  }

  private void refused(byte[] tar) {
    assertThatExceptionOfType(TarFormatException.class).isThrownBy(() -> entries(tar));
  }

  private List<TarEntry> entries(Tars tar) throws IOException {
    return entries(tar.bytes());
  }

  private List<TarEntry> entries(byte[] tar) throws IOException {
    Path file = Files.write(folder.resolve("read.tar"), tar);
    try (FileChannel channel = FileChannel.open(file)) {
      return read(channel);
    }
  }

  private static List<TarEntry> read(FileChannel channel) throws IOException {
    List<TarEntry> entries = new ArrayList<>();
    TarReader reader = new TarReader(channel);
    for (TarEntry entry = reader.next(); entry != null; entry = reader.next()) {
      entries.add(entry);
    }
    return entries;
  }
}
