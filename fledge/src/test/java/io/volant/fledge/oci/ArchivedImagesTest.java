package io.volant.fledge.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.volant.fledge.report.BuildFailure;
import io.volant.fledge.report.ExitCode;
import io.volant.fledge.tree.FileTree;
import io.volant.fledge.tree.Sha256;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Archives of docker save, and the programs that write them. */
class ArchivedImagesTest {
  private static final byte[] LOWER = Tars.tar().file("a", "1").bytes();
  private static final byte[] UPPER = Tars.tar().file("b", "2").bytes();

  @TempDir private Path folder;
  private final NotedProgress progress = new NotedProgress();

  @AfterEach
  void nothing_is_left() throws Exception {
    try (Stream<Path> left = Files.list(folder.resolve("cache/partial"))) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void the_old_form_with_links_between_equal_layers_is_read() throws Exception {
    Path file = save(old("x/layer.tar", "y/layer.tar", "z/layer.tar").bytes());
    FetchedImage image = fetch("docker-archive:" + file);
    assertThat(names(image)).containsExactlyInAnyOrder("/a", "/b");
    assertThat(image.config().command()).containsExactly("run");
    assertThat(image.digest()).isEqualTo("sha256:" + Sha256.of(config()));
    assertThat(names(fetch("docker-archive:" + file + ":1"))).hasSize(2);
    assertThat(names(fetch("docker-archive:" + file + ":app:1"))).hasSize(2);
    assertThat(names(fetch("docker-archive:" + file + ":docker.io/library/app:1"))).hasSize(2);
    refused("docker-archive:" + file + ":2", "is meant by 2; it has the tags app:1");
  }

  @Test
  void a_compressed_archive_is_read() throws Exception {
    Path file = save(Tars.gzip(old("x/layer.tar", "y/layer.tar", "z/layer.tar").bytes()));
    assertThat(names(fetch("docker-archive:" + file))).containsExactlyInAnyOrder("/a", "/b");
  }

  @Test
  void what_skopeo_writes_is_read() throws Exception {
    Layout layout = new Layout(folder.resolve("layout"));
    layout.layer(LOWER).layer(UPPER).write("1");
    Path file = folder.resolve("skopeo.tar");
    RegistryServer.run(
        List.of(
            "skopeo",
            "copy",
            "--insecure-policy",
            "oci:" + layout.folder + ":1",
            "docker-archive:" + file + ":name/app:7"));
    FetchedImage image = fetch("docker-archive:" + file + ":name/app:7");
    assertThat(names(image)).containsExactlyInAnyOrder("/a", "/b");
    assertThat(image).isNotNull();
    FetchedImage same = fetch("oci:" + layout.folder);
    assertThat(same.layers()).extracting(LayerFile::tar).isEqualTo(tars(image));
  }

  private static List<Path> tars(FetchedImage image) {
    return image.layers().stream().map(LayerFile::tar).toList();
  }

  @Test
  void hostile_names_are_refused() throws Exception {
    for (String name : List.of("../../etc/passwd", "/etc/passwd", "x/../../y", "none")) {
      Path file = save(old(name, "y/layer.tar", "z/layer.tar").bytes());
      refused("docker-archive:" + file, "names \"" + name + "\", which is not in it");
    }
    Path outside = save(Tars.tar().file("../x", "").bytes());
    refused("docker-archive:" + outside, "\"../x\", which leads out of it");
    Path link = save(Tars.tar().link("x", "../../etc/passwd").bytes());
    refused("docker-archive:" + link, "\"x\" is a link that leads out of it");
  }

  @Test
  void other_bytes_are_refused() throws Exception {
    Tars tar = Tars.tar().file("x/layer.tar", text(UPPER)).file("y/layer.tar", text(UPPER));
    Path file = save(documents(tar, "x/layer.tar", "y/layer.tar", "y/layer.tar").bytes());
    refused("docker-archive:" + file, "its configuration says sha256:");
    Path blob = save(hybrid(UPPER).bytes());
    refused("docker-archive:" + blob, "came with other bytes");
    assertThat(names(fetch("docker-archive:" + save(hybrid(LOWER).bytes())))).hasSize(2);
  }

  @Test
  void what_is_no_archive_is_refused() throws Exception {
    refused("docker-archive:" + folder + "/none.tar", "cannot be read");
    refused("docker-archive:" + save(new byte[] {1, 2, 3}), "cannot be read: is cut off");
    refused("docker-archive:" + save(LOWER), "names \"manifest.json\", which is not in it");
    refused("docker-archive:" + save(new byte[0]), "which is not in it");
  }

  @Test
  void a_daemon_saves_its_image() throws Exception {
    Path file = save(old("x/layer.tar", "y/layer.tar", "z/layer.tar").bytes());
    String program = program("cat " + file);
    FetchedImage image =
        fetcher(List.of("/none/docker", program))
            .fetch(ImageReference.parse("docker-daemon:app:1", folder), progress);
    assertThat(names(image)).containsExactlyInAnyOrder("/a", "/b");
    assertThat(image.reference()).isEqualTo("docker-daemon:app:1");
    assertThat(Files.readString(folder.resolve("arguments"))).isEqualTo("save app:1\n");
  }

  @Test
  void a_missing_program_or_daemon_is_one_line() throws Exception {
    ImageReference reference = ImageReference.parse("docker-daemon:app:1", folder);
    assertThatExceptionOfType(BuildFailure.class)
        .isThrownBy(() -> fetcher(List.of("/none/docker")).fetch(reference, progress))
        .withMessageContaining("needs docker or podman, and neither is installed: apt-get install");
    String program = program("echo 'Cannot connect to the daemon.\nMore.' >&2; exit 1");
    assertThatExceptionOfType(BuildFailure.class)
        .isThrownBy(() -> fetcher(List.of(program)).fetch(reference, progress))
        .withMessageEndingWith("cannot be had from " + program + ": Cannot connect to the daemon.");
  }

  private String program(String does) throws Exception {
    Path program = folder.resolve("docker");
    String record = "echo \"$@\" > " + folder.resolve("arguments");
    Files.writeString(program, "#!/bin/sh\n" + record + "\n" + does + "\n");
    assertThat(program.toFile().setExecutable(true)).isTrue();
    return program.toString();
  }

  private static byte[] config() {
    Layout layout = new Layout(Path.of("/nowhere"));
    layout.config.putObject("config").putArray("Cmd").add("run");
    ArrayNode diffIds = layout.config.withObject("/rootfs").putArray("diff_ids");
    for (byte[] layer : List.of(LOWER, UPPER, UPPER)) {
      diffIds.add("sha256:" + Sha256.of(layer));
    }
    return Layout.bytes(layout.config);
  }

  /** As docker wrote them for years: a folder a layer, and equal layers linked. */
  private static Tars old(String... layers) {
    Tars tar =
        Tars.tar()
            .file("x/layer.tar", text(LOWER))
            .file("./y/layer.tar", text(UPPER))
            .link("z/layer.tar", "../y/layer.tar");
    return documents(tar, layers);
  }

  /** As it writes them now: by digest. */
  private static Tars hybrid(byte[] lower) {
    String lowerName = "blobs/sha256/" + Sha256.of(LOWER);
    String upperName = "blobs/sha256/" + Sha256.of(UPPER);
    Tars tar = Tars.tar().file(lowerName, text(lower)).file(upperName, text(UPPER));
    return documents(tar, lowerName, upperName, upperName);
  }

  private static Tars documents(Tars tar, String... layers) {
    String config = Sha256.of(config()) + ".json";
    ArrayNode images = Layout.JSON.createArrayNode();
    var image = images.addObject().put("Config", config);
    image.putArray("RepoTags").add("app:1");
    for (String layer : layers) {
      image.withArray("/Layers").add(layer);
    }
    return tar.file(config, text(config())).file("manifest.json", images.toString());
  }

  /** These archives have nothing but ASCII in them. */
  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private Path save(byte[] bytes) throws Exception {
    return Files.write(Files.createTempFile(folder, "saved", ".tar"), bytes);
  }

  private ImageFetcher fetcher(List<String> programs) {
    return new ImageFetcher(
        new ImageCache(folder.resolve("cache")),
        new Logins(List.of()),
        RegistryTiming.DEFAULT,
        LayerLimits.DEFAULT,
        Platform.ofHost(),
        new SavedImages(programs));
  }

  private FetchedImage fetch(String reference) throws BuildFailure {
    return fetcher(List.of()).fetch(ImageReference.parse(reference, folder), progress);
  }

  private void refused(String reference, String why) {
    assertThatExceptionOfType(BuildFailure.class)
        .as(why)
        .isThrownBy(() -> fetch(reference))
        .withMessageContaining(why)
        .matches(failure -> failure.code() != ExitCode.BUG);
  }

  private static Set<String> names(FetchedImage image) throws BuildFailure {
    FileTree tree = new FileTree();
    LayerApplier.apply(image, tree, LayerLimits.DEFAULT).close();
    return tree.entries().keySet();
  }
}
