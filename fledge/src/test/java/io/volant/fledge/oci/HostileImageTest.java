package io.volant.fledge.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.volant.fledge.report.BuildFailure;
import io.volant.fledge.tree.FileTree;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One attack after the other. Each must end in one line that names the layer, and nothing may be
 * written but the cache, where nothing may be left under a final name that is not right.
 */
class HostileImageTest {
  private static final LayerLimits LIMITS = new LayerLimits(3, 1 << 20, 1 << 20);

  @TempDir private Path around;
  private SortedMap<String, Long> before = new TreeMap<>();

  @BeforeEach
  void look() throws IOException {
    Files.createDirectories(around.resolve("work"));
    Files.writeString(around.resolve("passwd"), "root");
    Files.writeString(around.resolve("work/passwd"), "root");
  }

  @AfterEach
  void nothing_else_was_touched() throws IOException {
    assertThat(outside()).isEqualTo(before);
    try (Stream<Path> left = Files.list(cache().resolve("partial"))) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void names_that_lead_out_are_refused() {
    for (String name :
        List.of("../../etc/passwd", "a/../../passwd", "..", "a/..", "./../passwd", "../work/x")) {
      refused(Tars.tar().file(name, "x"), "\"" + name + "\", a name that leads out");
    }
  }

  @Test
  void absolute_names_are_refused() {
    refused(Tars.tar().file("/etc/passwd", "x"), "\"/etc/passwd\", an absolute name");
    refused(Tars.tar().file("//x", "x"), "an absolute name");
  }

  @Test
  void names_without_anything_in_them_are_refused() {
    refused(Tars.tar().file("", "x"), "which has no name");
    refused(Tars.tar().file(".", "x"), "which is the root and not a folder");
    refused(Tars.tar().file("a/.wh.", "x"), "a whiteout of nothing");
    refused(Tars.tar().file("a/.wh..", "x"), "a whiteout of nothing");
    refused(Tars.tar().file("a/.wh...", "x"), "a whiteout of nothing");
  }

  @Test
  void names_that_no_file_system_holds_are_refused() {
    refused(Tars.tar().file("a".repeat(256), "x"), "too long");
    refused(Tars.tar().file("a/".repeat(2100) + "b", "x"), "too long");
    refused(Tars.tar().file("a\0b" + "c".repeat(200), "x"), "has a name with a zero in it");
  }

  @Test
  void a_symbolic_link_is_no_way_out() throws Exception {
    FileTree tree =
        applied(
            Tars.tar()
                .link("out", "../../../../../../" + around)
                .file("out/passwd", "changed")
                .link("abs", around.toString())
                .file("abs/passwd2", "changed"));
    assertThat(tree.entries()).containsKeys(around + "/passwd", around + "/passwd2");
  }

  @Test
  void links_in_a_circle_are_refused() {
    refused(Tars.tar().link("a", "b").link("b", "a").file("a/x", ""), "lead in a circle");
    refused(Tars.tar().link("self", "self").file("self/x", ""), "lead in a circle");
    refused(Tars.tar().link("a", "a/b").hardLink("x", "a/c"), "lead in a circle");
    refused(Tars.tar().link("a", "a").file("a/.wh..wh..opq", ""), "lead in a circle");
  }

  @Test
  void hard_links_to_what_is_not_in_the_image_are_refused() {
    refused(Tars.tar().hardLink("a", "../../passwd"), "a name that leads out");
    refused(Tars.tar().hardLink("a", "etc/shadow"), "a hard link to \"etc/shadow\"");
    refused(Tars.tar().hardLink("a", "/etc/shadow"), "which is not there");
    refused(Tars.tar().hardLink("a", "a"), "which is not there");
    refused(Tars.tar().folder("d").hardLink("a", "d"), "which is a folder");
    refused(Tars.tar().hardLink("a", "."), "which is not there");
    refused(Tars.tar().file("x", "").hardLink("y", ".wh.x"), "which is not there");
  }

  @Test
  void a_file_is_no_folder() {
    refused(Tars.tar().file("a", "").file("a/b", ""), "/a is not a folder there");
    refused(Tars.tar().link("a", ""), "target is empty");
  }

  @Test
  void types_that_nobody_knows_are_refused() {
    refused(Tars.tar().entry("a", (byte) 'Z', "", _ -> {}), "the unknown type 'Z': a");
    refused(Tars.tar().entry("a", TarConstants.LF_CONTIG, "", _ -> {}), "the unknown type '7'");
  }

  @Test
  void a_layer_that_is_cut_off_is_refused() {
    byte[] tar = Tars.tar().file("a", "x".repeat(5000)).file("b", "y").bytes();
    refused(Arrays.copyOf(tar, 700), "is cut off");
    refused(Arrays.copyOf(tar, 5000), "is cut off");
    byte[] gzip = Tars.gzip(tar);
    refused(image -> image.layer(tar, Arrays.copyOf(gzip, gzip.length - 9)), "is cut off");
    refused(image -> image.layer(tar, Arrays.copyOf(gzip, 3)), "is cut off");
  }

  @Test
  void noise_is_refused() {
    byte[] noise = new byte[2000];
    Arrays.fill(noise, (byte) 'x');
    refused(noise, "so it is not a tar");
    byte[] tar = Tars.tar().file("a", "").bytes();
    byte[] gzip = Tars.gzip(tar);
    gzip[gzip.length / 2] ^= 0x55;
    refused(image -> image.layer(tar, gzip), "broken gzip");
    byte[] more = Arrays.copyOf(Tars.gzip(tar), gzip.length + 5);
    refused(image -> image.layer(tar, more), "has something after its end that is not gzip");
    byte[] xz = {(byte) 0xFD, '7', 'z', 'X', 'Z', 0};
    refused(image -> image.layer(tar, xz), "is compressed with xz or bzip2");
    byte[] zstd = {0x28, (byte) 0xB5, 0x2F, (byte) 0xFD, 1, 2, 3, 4, 5};
    refused(image -> image.layer(tar, zstd), "is broken zstd");
  }

  @Test
  void a_bomb_is_refused_before_it_fills_the_disk() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      byte[] zeros = new byte[1 << 20];
      for (int i = 0; i < 64; i++) {
        gzip.write(zeros);
      }
    }
    refused(
        image -> image.layer(Tars.tar().bytes(), bytes.toByteArray()),
        "makes the image larger than 1048576 bytes when it is unpacked");
  }

  @Test
  void several_small_bombs_are_one() {
    byte[] tar = Tars.tar().file("a", "x".repeat(600_000)).bytes();
    byte[] other = Tars.tar().file("a", "y".repeat(600_000)).bytes();
    refused(image -> image.layer(tar).layer(other), "makes the image larger than 1048576 bytes");
  }

  @Test
  void holes_count_as_well() {
    byte[] tar =
        Tars.tar()
            .pax("GNU.sparse.size=9000000000000000000", "GNU.sparse.map=0,0")
            .file("a", "")
            .bytes();
    refused(tar, "with which the image's files are larger than");
  }

  @Test
  void too_many_layers_are_refused() {
    refused(
        image -> {
          for (int i = 0; i < 4; i++) {
            image.layer(Tars.tar().bytes());
          }
        },
        "has 4 layers; 3 are allowed");
  }

  @Test
  void a_layer_with_other_bytes_is_refused() {
    byte[] tar = Tars.tar().file("a", "right").bytes();
    refused(
        image -> {
          image.layer(tar);
          Path blob = onlyBlob(image);
          byte[] wrong = Tars.gzip(Tars.tar().file("a", "wrong").bytes());
          image.write(
              "blobs/sha256/" + blob.getFileName(), Arrays.copyOf(wrong, Tars.gzip(tar).length));
        },
        "came with other bytes: their digest is sha256:");
  }

  @Test
  void a_layer_of_another_size_is_refused() {
    byte[] tar = Tars.tar().file("a", "right").bytes();
    refused(image -> size(image.layer(tar), 1), "has more than the 1 bytes that its manifest says");
    refused(image -> size(image.layer(tar), 5000), "bytes, its manifest says 5000");
    refused(image -> size(image.layer(tar), -1), "has no \"size\" of 0 or more");
    refused(image -> size(image.layer(tar), 1L << 40), "has layers of more than 1048576 bytes");
  }

  @Test
  void a_layer_that_the_configuration_does_not_know_is_refused() {
    byte[] tar = Tars.tar().file("a", "").bytes();
    byte[] other = Tars.tar().file("b", "").bytes();
    refused(image -> image.layer(tar, Tars.gzip(other)), "its configuration says sha256:");
    refused(
        image -> image.layer(tar).manifest.putArray("layers"),
        "has 0 layers in its manifest and 1 in its configuration");
  }

  @Test
  void digests_that_are_paths_are_refused() {
    for (String digest :
        List.of(
            "sha256:../../../../passwd", "../../passwd", "sha256:", "sha512:" + "0".repeat(128))) {
      refused(
          image -> {
            image.layer(Tars.tar().bytes());
            image.manifest.withObject("/layers/0").put("digest", digest);
          },
          "has the digest \"" + digest);
    }
  }

  private interface Attack {
    void on(Layout image) throws IOException;
  }

  private void refused(Tars layer, String why) {
    refused(layer.bytes(), why);
  }

  private void refused(byte[] tar, String why) {
    refused(image -> image.layer(tar), why);
  }

  private void refused(Attack attack, String why) {
    assertThatExceptionOfType(BuildFailure.class)
        .as(why)
        .isThrownBy(() -> applied(attack))
        .withMessageContaining(why)
        .satisfies(failure -> assertThat(failure.lines()).hasSize(1))
        .matches(failure -> !failure.lines().getFirst().contains("\n"));
    try (Stream<Path> layers = Files.list(cache().resolve("layers/sha256"))) {
      for (Path layer : layers.toList()) {
        assertThat(layer.getFileName().toString())
            .isEqualTo(Digest.of(Files.readAllBytes(layer)).hex() + ".tar");
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private FileTree applied(Tars layer) throws Exception {
    byte[] tar = layer.bytes();
    return applied(image -> image.layer(tar));
  }

  private FileTree applied(Attack attack) throws Exception {
    Layout image = new Layout(Files.createTempDirectory(around, "layout"));
    attack.on(image);
    image.write(null);
    before = outside();
    ImageFetcher fetcher =
        new ImageFetcher(
            new ImageCache(cache()),
            new Logins(List.of()),
            RegistryTiming.DEFAULT,
            LIMITS,
            Platform.ofHost(),
            new SavedImages(List.of()));
    FetchedImage fetched =
        fetcher.fetch(ImageReference.parse("oci:" + image.folder, around), new NotedProgress());
    FileTree tree = new FileTree();
    LayerApplier.apply(fetched, tree, LIMITS).close();
    return tree;
  }

  private static void size(Layout image, long size) {
    image.manifest.withObject("/layers/0").put("size", size);
  }

  private static Path onlyBlob(Layout image) throws IOException {
    try (Stream<Path> blobs = Files.list(image.folder.resolve("blobs/sha256"))) {
      return new ArrayList<>(blobs.toList()).getFirst();
    }
  }

  private Path cache() {
    return around.resolve("work/cache");
  }

  /** Everything around the cache, with its size and time. */
  private SortedMap<String, Long> outside() throws IOException {
    SortedMap<String, Long> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(around)) {
      for (Path file : all.filter(path -> !path.startsWith(cache())).toList()) {
        if (Files.isRegularFile(file)) {
          files.put(file.toString(), Files.size(file) ^ Files.getLastModifiedTime(file).toMillis());
        }
      }
    }
    return files;
  }
}
