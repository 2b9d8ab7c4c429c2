package io.volant.fledge;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.volant.fledge.report.ExitCode;
import io.volant.fledge.tree.Sha256;
import io.volant.manifest.Initramfs;
import io.volant.manifest.ManifestReader;
import io.volant.manifest.ManifestResult;
import io.volant.manifest.PluginManifest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.cpio.CpioArchiveEntry;
import org.apache.commons.compress.archivers.cpio.CpioArchiveInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FledgeTest {
  @TempDir private Path folder;
  private Bench bench;

  @BeforeEach
  void set_up() throws IOException {
    bench = new Bench(folder);
  }

  @Test
  void a_build_writes_the_image_and_a_manifest_that_names_it() throws IOException {
    assertThat(bench.build()).isZero();
    Path image = bench.out.resolve("hello.cpio.gz");
    assertThat(bench.output.toString().lines())
        .containsExactly(image.toString(), bench.out.resolve("hello.manifest.json").toString());
    PluginManifest manifest = manifest("hello.manifest.json");
    assertThat(manifest.bootMedium())
        .isEqualTo(
            new Initramfs(
                image.toString(), "sha256:" + Sha256.of(Files.readAllBytes(image)), null));
    assertThat(manifest.runtime()).isEqualTo("hello");
    assertThat(bench.errorLines()).first().isEqualTo("fledge: lay out folders");
    assertThat(names(bench.out)).containsExactly("hello.cpio.gz", "hello.manifest.json");
  }

  @Test
  void the_same_input_gives_the_same_bytes() throws IOException {
    assertThat(bench.build()).isZero();
    byte[] first = Files.readAllBytes(bench.out.resolve("hello.cpio.gz"));
    Path page = folder.resolve("recipe/www/index.html");
    Files.setLastModifiedTime(page, FileTime.fromMillis(1_000_000));
    assertThat(bench.build()).isZero();
    assertThat(Files.readAllBytes(bench.out.resolve("hello.cpio.gz"))).isEqualTo(first);
  }

  @Test
  void the_image_has_what_the_recipe_says() throws IOException {
    assertThat(bench.build()).isZero();
    Map<String, CpioArchiveEntry> entries = new LinkedHashMap<>();
    Map<String, String> texts = new LinkedHashMap<>();
    try (InputStream file = Files.newInputStream(bench.out.resolve("hello.cpio.gz"));
        CpioArchiveInputStream cpio =
            new CpioArchiveInputStream(new GZIPInputStream(file), 512, "UTF-8")) {
      for (CpioArchiveEntry entry = cpio.getNextEntry();
          entry != null;
          entry = cpio.getNextEntry()) {
        entries.put(entry.getName(), entry);
        texts.put(entry.getName(), new String(cpio.readAllBytes(), StandardCharsets.UTF_8));
      }
    }
    assertThat(entries.keySet().stream().toList()).isSorted();
    assertThat(texts.get("init")).endsWith("kestrel");
    assertThat(texts.get("bin/busybox")).endsWith("busybox");
    assertThat(texts.get("bin/sh")).isEqualTo("/bin/busybox");
    assertThat(texts.get("srv/www/sub/größe.txt")).isEqualTo("ü\n");
    assertThat(texts.get("srv/www/link")).isEqualTo("index.html");
    Map<String, Long> modes = new LinkedHashMap<>();
    entries.forEach((name, entry) -> modes.put(name, entry.getMode()));
    assertThat(modes)
        .containsEntry("init", 0100755L)
        .containsEntry("usr/local/bin/tool", 0100755L)
        .containsEntry("tmp", 041777L);
    assertThat(entries.values())
        .allSatisfy(entry -> {
          assertThat(entry.getUID()).isZero();
          assertThat(entry.getGID()).isZero();
          assertThat(entry.getTime()).isEqualTo(315_532_800);
        });
    assertThat(entries.values().stream().map(CpioArchiveEntry::getInode)).doesNotHaveDuplicates();
  }

  @Test
  void the_cpio_tool_reads_the_image() throws IOException, InterruptedException {
    assertThat(bench.build()).isZero();
    Path archive = folder.resolve("hello.cpio");
    try (InputStream gzip =
        new GZIPInputStream(Files.newInputStream(bench.out.resolve("hello.cpio.gz")))) {
      Files.copy(gzip, archive);
    }
    Process cpio =
        new ProcessBuilder("cpio", "-tv", "--quiet")
            .redirectInput(archive.toFile())
            .redirectErrorStream(true)
            .start();
    List<String> lines =
        new String(cpio.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    assertThat(cpio.waitFor()).isZero();
    assertThat(lines).anyMatch(line -> line.matches("-rwxr-xr-x +1 root +root .* 1980 init"));
    assertThat(lines).anyMatch(line -> line.matches("lrwxrwxrwx .* bin/sh -> /bin/busybox"));
    assertThat(lines).anyMatch(line -> line.matches("drwxrwxrwt .* tmp"));
    assertThat(lines).hasSameSizeAs(lines.stream().distinct().toList());
  }

  @Test
  void an_output_that_ends_in_cpio_gz_is_the_image() throws IOException {
    Path image = folder.resolve("other/name.cpio.gz");
    assertThat(
            bench.run("build", "-c", folder + "/recipe/fledge.toml", "-o", image.toString(), "-q"))
        .isZero();
    assertThat(names(folder.resolve("other")))
        .containsExactly("name.cpio.gz", "name.manifest.json");
    assertThat(bench.output.toString()).isEmpty();
  }

  @Test
  void mistakes_of_both_files_are_told_at_once_with_their_places() throws IOException {
    bench.write("recipe/fledge.toml", Bench.RECIPE + "\"../x\" = \"/x\"\ncolour = 3\n");
    bench.write("recipe/manifest.toml", Bench.DEFAULTS + "[resources]\nmemory_mb = 0\n");
    assertThat(bench.build()).isEqualTo(ExitCode.RECIPE.number());
    assertThat(bench.errorLines())
        .containsExactly(
            "recipe/fledge.toml:7:1: the source ../x must not have .. in it",
            "recipe/fledge.toml:8:1: colour must be a string",
            "recipe/manifest.toml:7:1: memory_mb must be at least 1, was 0");
    assertThat(bench.out).doesNotExist();
  }

  @Test
  void every_missing_mapping_is_named_and_nothing_is_left() throws IOException {
    bench.write(
        "recipe/fledge.toml", Bench.RECIPE + "\"gone\" = \"/gone\"\n\"lost\" = \"/lost\"\n");
    assertThat(bench.build()).isEqualTo(ExitCode.INPUT.number());
    assertThat(bench.errorLines())
        .endsWith(
            "fledge: mapping gone: there is no recipe/gone",
            "fledge: mapping lost: there is no recipe/lost");
    assertThat(bench.out).doesNotExist();
  }

  @Test
  void a_failed_build_leaves_the_earlier_result_and_no_half_made_file() throws IOException {
    assertThat(bench.build()).isZero();
    byte[] first = Files.readAllBytes(bench.out.resolve("hello.cpio.gz"));
    bench.write("recipe/www/index.html", "changed");
    Files.delete(bench.out.resolve("hello.manifest.json"));
    Files.createDirectories(bench.out.resolve("hello.manifest.json/in-the-way"));
    assertThat(bench.build("-v")).isEqualTo(ExitCode.OUTPUT.number());
    assertThat(Files.readAllBytes(bench.out.resolve("hello.cpio.gz"))).isEqualTo(first);
    assertThat(names(bench.out)).containsExactly("hello.cpio.gz", "hello.manifest.json");
  }

  @Test
  void a_recipe_that_is_not_there_is_one_line() {
    assertThat(bench.run("build", "-c", folder + "/nothing.toml"))
        .isEqualTo(ExitCode.RECIPE.number());
    assertThat(bench.errorLines()).containsExactly("nothing.toml: there is no such file");
  }

  @Test
  void a_manifest_toml_that_was_asked_for_must_be_there() {
    assertThat(bench.build("-m", folder + "/no.toml")).isEqualTo(ExitCode.RECIPE.number());
    assertThat(bench.errorLines()).containsExactly("no.toml: there is no such file");
  }

  @Test
  void a_wrong_command_line_is_one_line() {
    assertThat(bench.run()).isEqualTo(ExitCode.USAGE.number());
    assertThat(bench.run("bake")).isEqualTo(ExitCode.USAGE.number());
    assertThat(bench.run("build", "--fast")).isEqualTo(ExitCode.USAGE.number());
    assertThat(bench.errorLines())
        .containsExactly(
            "fledge: a command is missing: build, init, inspect, serve or version (see: fledge --help)",
            "fledge: Unmatched argument at index 0: 'bake' (see: fledge --help)",
            "fledge: Unknown option: '--fast' (see: fledge build --help)");
  }

  @Test
  void verbose_tells_every_step_in_order() {
    assertThat(bench.build("-v")).isZero();
    assertThat(bench.errorLines().stream().filter(line -> line.startsWith("fledge:")))
        .containsExactly(
            "fledge: lay out folders",
            "fledge: add busybox",
            "fledge: add 2 mappings",
            "fledge: add kestrel as /init",
            "fledge: write hello.cpio.gz",
            "fledge: write hello.manifest.json",
            "fledge: put the results in place");
  }

  @Test
  void version_says_which_fledge_this_is() {
    assertThat(bench.run("version")).isZero();
    assertThat(bench.output.toString()).startsWith("fledge ");
  }

  @Test
  void quiet_prints_nothing() {
    assertThat(bench.build("-q")).isZero();
    assertThat(bench.output.toString()).isEmpty();
    assertThat(bench.errorLines()).isEmpty();
  }

  @Test
  void json_is_an_object_a_line_with_the_result_last() throws IOException {
    assertThat(bench.build("--json")).isZero();
    assertThat(bench.errorLines()).isEmpty();
    List<JsonNode> events = events();
    assertThat(events.getFirst().path("event").asText()).isEqualTo("step");
    assertThat(events.getFirst().path("title").asText()).isEqualTo("lay out folders");
    JsonNode result = events.getLast();
    Path image = bench.out.resolve("hello.cpio.gz");
    assertThat(result.path("event").asText()).isEqualTo("result");
    assertThat(result.path("output").asText()).isEqualTo(image.toString());
    assertThat(result.path("manifest").asText())
        .isEqualTo(bench.out.resolve("hello.manifest.json").toString());
    assertThat(result.path("sha256").asText()).isEqualTo(Sha256.of(Files.readAllBytes(image)));
    assertThat(result.path("size_bytes").asLong()).isEqualTo(Files.size(image));
  }

  @Test
  void json_tells_mistakes_too() throws IOException {
    bench.write("recipe/fledge.toml", Bench.RECIPE + "colour = 3\n");
    assertThat(bench.build("--json")).isEqualTo(ExitCode.RECIPE.number());
    JsonNode error = events().getLast();
    assertThat(error.path("event").asText()).isEqualTo("error");
    assertThat(error.path("code").asText()).isEqualTo("recipe");
    assertThat(error.path("error").asText()).endsWith("fledge.toml:7:1: colour must be a string");
    assertThat(error.path("details")).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "-q -v | --quiet, --verbose",
        "--quiet --json | --quiet, --json",
        "Dockerfile -c fledge.toml | a Dockerfile and --config exclude each other",
        "Dockerfile --dockerfile D | DOCKERFILE and --dockerfile are the same; give one",
        "--target run | --context, --target, --build-arg and --output-initramfs need a DOCKERFILE",
        "D --build-arg x | Value for option option '--build-arg' (NAME=VALUE)",
      })
  void what_does_not_go_together_is_a_usage_mistake(String arguments, String message) {
    List<String> words = new ArrayList<>(List.of("build"));
    words.addAll(List.of(arguments.split(" ", -1)));
    assertThat(bench.run(words.toArray(String[]::new))).isEqualTo(ExitCode.USAGE.number());
    assertThat(bench.errorLines()).hasSize(1);
    assertThat(bench.errorLines().getFirst()).startsWith("fledge: ");
    if (!message.startsWith("--quiet")) {
      assertThat(bench.errorLines().getFirst()).startsWith("fledge: " + message);
    }
  }

  @Test
  void a_missing_dockerfile_is_one_line() {
    assertThat(bench.run("build", folder + "/Dockerfile", "-m", folder + "/recipe/manifest.toml"))
        .isEqualTo(ExitCode.INPUT.number());
    assertThat(bench.errorLines()).endsWith("fledge: there is no Dockerfile Dockerfile");
  }

  private List<JsonNode> events() throws IOException {
    List<JsonNode> events = new ArrayList<>();
    for (String line : bench.output.toString().lines().toList()) {
      events.add(new ObjectMapper().readTree(line));
    }
    return events;
  }

  private PluginManifest manifest(String name) throws IOException {
    return switch (new ManifestReader().read(Files.readAllBytes(bench.out.resolve(name)))) {
      case ManifestResult.Valid(var manifest) -> manifest;
      case ManifestResult.Invalid(var problems) -> throw new AssertionError(problems.toString());
    };
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> String.valueOf(file.getFileName())).sorted().toList();
    }
  }
}
