package io.volant.fledge.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.volant.fledge.report.BuildFailure;
import io.volant.fledge.report.ExitCode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageCacheTest {
  private static final Digest SUM = Digest.of(new byte[] {1});

  @TempDir private Path folder;

  @Test
  void its_place_comes_from_the_environment() {
    assertThat(blobOf(Map.of("FLEDGE_CACHE", "/a", "XDG_CACHE_HOME", "/b", "HOME", "/c")))
        .isEqualTo(Path.of("/a/blobs/sha256", SUM.hex()));
    assertThat(blobOf(Map.of("XDG_CACHE_HOME", "/b", "HOME", "/c")))
        .startsWithRaw(Path.of("/b/fledge/blobs"));
    assertThat(blobOf(Map.of("XDG_CACHE_HOME", "b", "HOME", "/c")))
        .startsWithRaw(Path.of("/c/.cache/fledge"));
  }

  private static Path blobOf(Map<String, String> environment) {
    return ImageCache.ofHost(environment).blob(SUM);
  }

  @Test
  void what_dead_builds_left_goes_after_a_day() throws Exception {
    ImageCache cache = new ImageCache(folder);
    cache.prepare();
    Path old = Files.createFile(folder.resolve("partial/old.tmp"));
    Path young = Files.createFile(folder.resolve("partial/young.tmp"));
    Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofHours(25))));
    cache.prepare();
    assertThat(old).doesNotExist();
    assertThat(young).exists();
  }

  @Test
  void it_is_for_its_owner_only() throws Exception {
    Path inside = folder.resolve("cache");
    new ImageCache(inside).prepare();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(inside)))
        .isEqualTo("rwx------");
  }

  @Test
  void a_document_that_rotted_is_not_there() throws Exception {
    ImageCache cache = new ImageCache(folder);
    cache.prepare();
    byte[] bytes = "document".getBytes(StandardCharsets.UTF_8);
    cache.keep(Digest.of(bytes), bytes);
    assertThat(cache.document(Digest.of(bytes))).isEqualTo(bytes);
    Files.writeString(cache.blob(Digest.of(bytes)), "documenT");
    assertThat(cache.document(Digest.of(bytes))).isNull();
  }

  @Test
  void a_cache_that_cannot_be_written_is_told() throws Exception {
    Path file = Files.createFile(folder.resolve("file"));
    assertThatExceptionOfType(BuildFailure.class)
        .isThrownBy(() -> new ImageCache(file).prepare())
        .withMessageContaining("FLEDGE_CACHE may name another folder")
        .matches(failure -> failure.code() == ExitCode.OUTPUT);
  }

  @Test
  void many_builds_may_fetch_the_same_at_once() throws Exception {
    Layout layout = new Layout(folder.resolve("layout"));
    for (int i = 0; i < 6; i++) {
      layout.layer(Tars.tar().file("f" + i % 3, String.valueOf(i % 3).repeat(100_000)).bytes());
    }
    layout.write(null);
    ImageReference reference = ImageReference.parse("oci:layout", folder);
    Path cache = folder.resolve("cache");
    try (ExecutorService builds = Executors.newFixedThreadPool(8)) {
      List<Future<FetchedImage>> results = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        results.add(
            builds.submit(
                () -> ImageFetcher.withCache(cache).fetch(reference, new NotedProgress())));
      }
      for (Future<FetchedImage> result : results) {
        for (LayerFile layer : result.get(60, TimeUnit.SECONDS).layers()) {
          assertThat(layer.tar())
              .hasFileName(Digest.of(Files.readAllBytes(layer.tar())).hex() + ".tar");
        }
      }
    }
    assertThat(cache.resolve("partial")).isEmptyDirectory();
  }
}
