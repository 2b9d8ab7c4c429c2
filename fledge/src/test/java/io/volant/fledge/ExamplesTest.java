package io.volant.fledge;

import static org.assertj.core.api.Assertions.assertThat;

import io.volant.fledge.inspect.Inspection;
import io.volant.fledge.inspect.ListedFile;
import io.volant.fledge.report.BuildFailure;
import io.volant.fledge.report.ExitCode;
import io.volant.fledge.tool.Tool;
import io.volant.fledge.tool.Tools;
import io.volant.manifest.InitMode;
import io.volant.manifest.Initramfs;
import io.volant.manifest.ManifestReader;
import io.volant.manifest.ManifestResult;
import io.volant.manifest.PluginManifest;
import io.volant.manifest.Rootfs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every example builds, with the programs that this machine really has. */
class ExamplesTest {
  private static final Path EXAMPLES = Path.of("fledge/examples");
  private static final Path BUSYBOX = Path.of("/bin/busybox");

  @TempDir private Path folder;
  private Bench bench;

  @BeforeEach
  void set_up() throws IOException {
    bench = new Bench(folder);
    Files.copy(BUSYBOX, folder.resolve("busybox"), StandardCopyOption.REPLACE_EXISTING);
    copy(EXAMPLES, folder.resolve("examples"));
  }

  @Test
  void every_example_is_tested_here() throws IOException {
    try (Stream<Path> examples = Files.list(EXAMPLES)) {
      assertThat(examples.map(example -> String.valueOf(example.getFileName())))
          .containsExactlyInAnyOrder("hello", "nginx", "dockerfile", "custom-init", "none-init");
    }
  }

  @Test
  void hello() throws Exception {
    assertThat(build("hello", "hello.cpio.gz")).containsKeys("/init", "/www/index.html");
    assertThat(manifest("hello").bootMedium()).isInstanceOf(Initramfs.class);
  }

  @Test
  void nginx() throws Exception {
    Path example = folder.resolve("examples/nginx");
    makeImage(example.resolve("image"));
    Map<String, ListedFile> files = build("nginx", "nginx.img");
    assertThat(at("/usr/share/nginx/html/index.html", files).sizeBytes())
        .isEqualTo(Files.size(example.resolve("index.html")));
    assertThat(at("/bin/busybox", files).modeText()).isEqualTo("-rwxr-xr-x");
    PluginManifest manifest = manifest("nginx");
    assertThat(manifest.workload().entrypoint()).containsExactly("/bin/busybox", "httpd", "-f");
    assertThat(manifest.workload().baseUrl()).isEqualTo("http://127.0.0.1:80");
    assertThat(manifest.lineage().image()).isEqualTo("oci:image");
    assertThat(manifest.lineage().imageDigest()).startsWith("sha256:");
    assertThat(((Rootfs) manifest.bootMedium()).overlaySize()).isEqualTo("25%");
  }

  @Test
  void dockerfile() throws Exception {
    Files.copy(BUSYBOX, folder.resolve("examples/dockerfile/busybox"));
    assertThat(build("dockerfile", "from-dockerfile.img"))
        .containsKeys("/bin/busybox", "/bin/sh", "/www/index.html");
    PluginManifest manifest = manifest("from-dockerfile");
    assertThat(manifest.workload().env()).containsEntry("GREETING", "hello from a Dockerfile");
    assertThat(manifest.workload().workdir()).isEqualTo("/www");
    assertThat(manifest.lineage().image()).isEqualTo("dockerfile:Dockerfile");
    byte[] first = Files.readAllBytes(bench.out.resolve("from-dockerfile.img"));
    build("dockerfile", "from-dockerfile.img");
    assertThat(Files.readAllBytes(bench.out.resolve("from-dockerfile.img"))).isEqualTo(first);
  }

  @Test
  void a_dockerfile_without_a_recipe() throws Exception {
    Path dockerfile = folder.resolve("examples/dockerfile/Dockerfile");
    Files.copy(BUSYBOX, dockerfile.resolveSibling("busybox"));
    assertThat(
            bench.run(
                "build",
                dockerfile.toString(),
                "--target",
                "web",
                "--build-arg",
                "GREETING=a=b",
                "--output-initramfs",
                "-o",
                bench.out.toString()))
        .isZero();
    // The image has no /etc, so fledge fills that gap; what it has stays.
    assertThat(files("from-dockerfile.cpio.gz"))
        .containsKeys("/init", "/etc/passwd", "/www/index.html");
    assertThat(at("/bin/sh", files("from-dockerfile.cpio.gz")).kind())
        .isEqualTo(ListedFile.Kind.FILE);
    assertThat(manifest("from-dockerfile").workload().env()).containsEntry("GREETING", "a=b");
  }

  @Test
  void custom_init() throws Exception {
    assertThat(build("custom-init", "custom-init.cpio.gz"))
        .containsKeys("/init", "/bin/sh", "/www/index.html");
    assertThat(((Initramfs) manifest("custom-init").bootMedium()).initMode())
        .isEqualTo(InitMode.CUSTOM);
    assertThat(manifest("custom-init").workload().entrypoint()).containsExactly("/init");
  }

  @Test
  void none_init() throws Exception {
    assertThat(build("none-init", "none-init.cpio.gz").keySet())
        .containsExactly("/bin", "/bin/busybox", "/init");
    assertThat(((Initramfs) manifest("none-init").bootMedium()).initMode())
        .isEqualTo(InitMode.NONE);
  }

  /** An image that looks like nginx's as far as the recipe cares. */
  private void makeImage(Path layout) throws IOException, BuildFailure {
    Path context = Files.createDirectories(folder.resolve("context"));
    Files.copy(BUSYBOX, context.resolve("busybox"));
    Files.writeString(
        context.resolve("Dockerfile"),
        """
        FROM scratch
        COPY busybox /bin/busybox
        EXPOSE 80
        ENTRYPOINT ["/bin/busybox", "httpd"]
        CMD ["-f"]
        """);
    Tool buildah = Tools.ofHost().find("buildah", "buildah");
    List<String> store =
        List.of("--root=" + folder + "/s", "--runroot=" + folder + "/r", "--storage-driver=vfs");
    call(buildah, store, "build", "--isolation=chroot", "--tag=x", context.toString());
    call(buildah, store, "push", "x", "oci:" + layout + ":latest");
  }

  private static void call(Tool tool, List<String> before, String... arguments)
      throws BuildFailure {
    List<String> all = new ArrayList<>(before);
    all.addAll(List.of(arguments));
    tool.call(all).run(ExitCode.INPUT);
  }

  private Map<String, ListedFile> build(String example, String artifact) throws BuildFailure {
    int code =
        bench.run(
            "build",
            "-c",
            folder.resolve("examples/" + example + "/fledge.toml").toString(),
            "-o",
            bench.out.toString());
    assertThat(code).as(bench.errors.toString()).isZero();
    return files(artifact);
  }

  private Map<String, ListedFile> files(String artifact) throws BuildFailure {
    Map<String, ListedFile> files = new TreeMap<>();
    Inspection.of(bench.out.resolve(artifact)).list(file -> files.put(file.path(), file));
    return files;
  }

  private static ListedFile at(String path, Map<String, ListedFile> files) {
    return Objects.requireNonNull(files.get(path), path);
  }

  private PluginManifest manifest(String name) throws IOException {
    byte[] document = Files.readAllBytes(bench.out.resolve(name + ".manifest.json"));
    return switch (new ManifestReader().read(document)) {
      case ManifestResult.Valid(var manifest) -> manifest;
      case ManifestResult.Invalid(var problems) -> throw new AssertionError(problems.toString());
    };
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        // What a person put there to try an example is not part of it.
        if (!file.endsWith("busybox") && !file.toString().contains("nginx/image")) {
          Files.copy(file, to.resolve(from.relativize(file).toString()));
        }
      }
    }
  }
}
