package io.volant.fledge.oci;

import static org.assertj.core.api.Assertions.assertThat;

import io.volant.fledge.report.BuildFailure;
import io.volant.fledge.tree.FileTree;
import io.volant.fledge.tree.TreeEntry;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.io.TempDir;

/**
 * Archives and documents with bytes changed at random: the end is a tree or one line, and never
 * another exception. A failure prints its seed; put it into {@code new Random(...)} to see it
 * again.
 */
class LayerFuzzTest {
  private static final int ROUNDS = 150;
  private static final LayerLimits LIMITS = new LayerLimits(8, 1 << 20, 1 << 20);
  private static final byte[] SEEDS =
      Tars.tar()
          .folder("a/")
          .file("a/f", "content")
          .link("l", "a/f")
          .hardLink("h", "a/f")
          .pax("SCHILY.xattr.user.x=y", "mtime=1.5", "uid=7")
          .file("x", "")
          .pax("GNU.sparse.size=5000", "GNU.sparse.map=0,2,4000,1")
          .file("s", "abc")
          .pax("GNU.sparse.major=1", "GNU.sparse.minor=0", "GNU.sparse.realsize=900")
          .file("t", "1\n10\n2\n" + "\n".repeat(505) + "ab")
          .entry("dev", TarConstants.LF_CHR, "", entry -> entry.setDevMajor(1))
          .file("a/.wh.f", "")
          .file("a/.wh..wh..opq", "")
          .bytes();

  @TempDir private Path folder;

  @RepeatedTest(4)
  void a_changed_layer_is_applied_or_refused() throws Exception {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int round = 0; round < ROUNDS; round++) {
      byte[] tar = changed(random, SEEDS);
      if (random.nextBoolean()) {
        sumAgain(tar);
      }
      try {
        apply(tar);
      } catch (RuntimeException | IOException | Error failure) {
        throw new AssertionError("seed " + seed + ", round " + round, failure);
      }
    }
  }

  @RepeatedTest(4)
  void a_changed_image_is_fetched_or_refused() throws Exception {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    Layout layout = new Layout(folder.resolve("layout"));
    layout.config.putObject("config").putArray("Env").add("A=1");
    layout.layer(Tars.tar().file("a", "b").bytes()).write("1");
    List<Path> files;
    try (var all = Files.walk(layout.folder)) {
      files = all.filter(Files::isRegularFile).toList();
    }
    for (int round = 0; round < ROUNDS / 3; round++) {
      Path file = files.get(random.nextInt(files.size()));
      byte[] good = Files.readAllBytes(file);
      Files.write(file, changed(random, good));
      try {
        ImageFetcher.withCache(folder.resolve("cache" + round))
            .fetch(ImageReference.parse("oci:layout:1", folder), new NotedProgress());
      } catch (BuildFailure refused) {
        assertThat(refused.lines()).hasSize(1);
      } catch (RuntimeException | Error failure) {
        throw new AssertionError("seed " + seed + ", round " + round, failure);
      }
      Files.write(file, good);
    }
  }

  @RepeatedTest(4)
  void a_changed_document_is_read_or_refused() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    Layout layout = new Layout(folder.resolve("documents"));
    layout.config.putObject("config").put("User", "1").putArray("Cmd").add("x");
    layout.config.withObject("/config").putObject("ExposedPorts").putObject("80/tcp");
    layout.layer(Tars.tar().bytes()).write("1");
    for (int round = 0; round < 10 * ROUNDS; round++) {
      try {
        ImageDocument.read(changed(random, Layout.bytes(layout.manifest)), "manifest");
      } catch (BuildFailure refused) {
        assertThat(refused.lines()).hasSize(1);
      } catch (RuntimeException | Error failure) {
        throw new AssertionError("seed " + seed + ", round " + round, failure);
      }
      try {
        ConfigDocument.read(changed(random, Layout.bytes(layout.config)), "config");
        ImageReference.parse(
            new String(
                changed(
                    random, "docker://h.io:5000/a/b:1@sha256:00".getBytes(StandardCharsets.UTF_8)),
                StandardCharsets.ISO_8859_1),
            folder);
      } catch (BuildFailure refused) {
        assertThat(refused.lines()).hasSize(1);
      } catch (RuntimeException | Error failure) {
        throw new AssertionError("seed " + seed + ", round " + round, failure);
      }
    }
  }

  private void apply(byte[] tar) throws IOException {
    Path file = Files.write(folder.resolve("layer.tar"), tar);
    FetchedImage image =
        new FetchedImage(
            "x", "sha256:y", ImageConfig.NONE, List.of(new LayerFile("sha256:z", file)));
    FileTree tree = new FileTree();
    try (AppliedLayers open = LayerApplier.apply(image, tree, LIMITS)) {
      assertThat(open).isNotNull();
      for (TreeEntry entry : tree.entries().values()) {
        if (entry instanceof TreeEntry.File read) {
          try (InputStream content = read.content().open()) {
            assertThat(content.transferTo(OutputStream.nullOutputStream()))
                .isEqualTo(read.content().sizeBytes());
          }
        }
      }
    } catch (BuildFailure refused) {
      assertThat(refused.lines()).hasSize(1);
    }
  }

  private static byte[] changed(Random random, byte[] good) {
    byte[] bytes =
        random.nextInt(8) == 0
            ? java.util.Arrays.copyOf(good, random.nextInt(good.length + 1))
            : good.clone();
    for (int i = 1 + random.nextInt(4); i > 0 && bytes.length > 0; i--) {
      bytes[random.nextInt(bytes.length)] =
          (byte)
              (random.nextBoolean() ? random.nextInt(256) : "0179=\n/.x".charAt(random.nextInt(9)));
    }
    return bytes;
  }

  /** Makes the sums of all that looks like a header right again, so that changes get further. */
  private static void sumAgain(byte[] tar) {
    for (int block = 0; block + 512 <= tar.length; block += 512) {
      if (new String(tar, block + 257, 5, StandardCharsets.ISO_8859_1).equals("ustar")) {
        java.util.Arrays.fill(tar, block + 148, block + 156, (byte) ' ');
        int sum = 0;
        for (int i = 0; i < 512; i++) {
          sum += tar[block + i] & 0xFF;
        }
        byte[] digits = String.format("%06o\0 ", sum).getBytes(StandardCharsets.ISO_8859_1);
        System.arraycopy(digits, 0, tar, block + 148, 8);
      }
    }
  }
}
