package io.volant.fledge.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.volant.fledge.Bench;
import io.volant.fledge.Programs;
import io.volant.fledge.RecordingProgress;
import io.volant.fledge.recipe.AgentSource;
import io.volant.fledge.recipe.BusyboxSource;
import io.volant.fledge.recipe.Mapping;
import io.volant.fledge.report.BuildFailure;
import io.volant.fledge.report.ExitCode;
import io.volant.fledge.tree.Attributes;
import io.volant.fledge.tree.Content;
import io.volant.fledge.tree.FileTree;
import io.volant.fledge.tree.Sha256;
import io.volant.fledge.tree.TreeEntry;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each step by itself, on a draft of its own. */
class StepsTest {
  @TempDir private Path folder;
  private final Draft draft = new Draft(Path.of(System.getProperty("java.io.tmpdir")));
  private final RecordingProgress progress = new RecordingProgress();
  private Workbench workbench;

  StepsTest() {
    workbench = Workbench.ofHost();
  }

  @BeforeEach
  void set_up() throws IOException {
    workbench = new Bench(folder).workbench();
  }

  @Test
  void the_folders_are_those_that_programs_expect() throws BuildFailure {
    new LayOutFolders().run(draft, progress);
    FileTree tree = draft.tree();
    assertThat(tree.entries())
        .containsKeys("/proc", "/sys", "/dev", "/run", "/etc", "/usr/bin", "/var/lib");
    assertThat(tree.at("/tmp")).isEqualTo(new TreeEntry.Folder(Attributes.ofRoot(01777)));
    assertThat(tree.at("/root")).isEqualTo(new TreeEntry.Folder(Attributes.ofRoot(0700)));
    assertThat(text("/etc/passwd")).startsWith("root:x:0:0:");
  }

  @Test
  void busybox_comes_with_links_for_its_commands() throws BuildFailure {
    new AddBusybox(new BusyboxSource.Installed(), workbench).run(draft, progress);
    assertThat(text("/bin/busybox")).endsWith("busybox");
    assertThat(draft.tree().at("/bin/sh"))
        .isEqualTo(new TreeEntry.Link(Attributes.ofRoot(0777), "/bin/busybox"));
    assertThat(draft.tree().at("/usr/sbin/httpd"))
        .isEqualTo(new TreeEntry.Link(Attributes.ofRoot(0777), "/bin/busybox"));
    assertThat(Applets.paths()).doesNotHaveDuplicates().hasSizeGreaterThan(200);
  }

  @Test
  void the_hosts_busybox_has_the_commands_that_are_linked() throws Exception {
    Process busybox = new ProcessBuilder("/bin/busybox", "--list").start();
    List<String> offered =
        new String(busybox.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
            .lines()
            .toList();
    assertThat(offered)
        .containsAll(
            Applets.paths().stream()
                .map(path -> path.substring(path.lastIndexOf('/') + 1))
                .toList());
  }

  @Test
  void a_busybox_that_is_missing_is_told_with_the_package_to_install() {
    Workbench bare =
        new Workbench(
            folder.resolve("none"),
            workbench.kestrel(),
            workbench.downloads(),
            workbench.releases(),
            workbench.images(),
            workbench.tools(),
            folder);
    assertThatExceptionOfType(BuildFailure.class)
        .isThrownBy(() -> new AddBusybox(new BusyboxSource.Installed(), bare).run(draft, progress))
        .withMessageContaining("is missing")
        .withMessageContaining("apt-get install busybox-static");
  }

  @Test
  void a_busybox_without_a_checksum_is_taken_with_a_warning() throws Exception {
    URI url = folder.resolve("busybox").toUri();
    new AddBusybox(
            new BusyboxSource.Download(URI.create("file://" + url.getPath()), null), workbench)
        .run(draft, progress);
    assertThat(text("/bin/busybox")).endsWith("busybox");
    assertThat(progress.warnings).hasSize(1);
  }

  @Test
  void kestrel_is_init() throws BuildFailure {
    new AddAgent(new AgentSource.Built(), workbench).run(draft, progress);
    assertThat(text("/init")).endsWith("kestrel");
  }

  @Test
  void a_kestrel_that_is_not_static_is_refused() throws IOException {
    Path file = Files.write(folder.resolve("dynamic"), Programs.dynamic("k"));
    assertThatExceptionOfType(BuildFailure.class)
        .isThrownBy(() -> new AddAgent(new AgentSource.Local(file), workbench).run(draft, progress))
        .withMessageContaining("is not static");
  }

  @Test
  void a_mapping_may_not_take_the_place_of_init() throws BuildFailure {
    draft.tree().file("/init", 0755, Content.of("mine"));
    draft.initMapped(true);
    assertThatExceptionOfType(BuildFailure.class)
        .isThrownBy(() -> new AddAgent(new AgentSource.Built(), workbench).run(draft, progress))
        .withMessageContaining("a mapping puts something at /init");
  }

  @Test
  void programs_and_libraries_are_executable_and_the_rest_keeps_its_mode() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "x");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    new AddMappings(
            List.of(
                new Mapping("file", file, "/usr/bin/a"),
                new Mapping("file", file, "/usr/lib/x/b.so"),
                new Mapping("file", file, "/etc/c"),
                new Mapping("file", file, "/usr/binary/d")))
        .run(draft, progress);
    assertThat(mode("/usr/bin/a")).isEqualTo(0755);
    assertThat(mode("/usr/lib/x/b.so")).isEqualTo(0755);
    assertThat(mode("/etc/c")).isEqualTo(0640);
    assertThat(mode("/usr/binary/d")).isEqualTo(0640);
  }

  @Test
  void a_folder_is_copied_whole_with_its_links() throws Exception {
    Path site = folder.resolve("recipe/www");
    Files.createSymbolicLink(folder.resolve("linked"), site);
    new AddMappings(List.of(new Mapping("linked", folder.resolve("linked"), "/srv")))
        .run(draft, progress);
    assertThat(draft.tree().entries().keySet())
        .containsExactly("/srv", "/srv/index.html", "/srv/link", "/srv/sub", "/srv/sub/größe.txt");
    assertThat(draft.tree().at("/srv/link"))
        .isEqualTo(new TreeEntry.Link(Attributes.ofRoot(0777), "index.html"));
  }

  @Test
  void a_folder_may_be_laid_over_the_root_but_a_file_may_not() throws Exception {
    new AddMappings(List.of(new Mapping("www", folder.resolve("recipe/www"), "/")))
        .run(draft, progress);
    assertThat(draft.tree().entries()).containsKey("/index.html").doesNotContainKey("");
    Mapping file = new Mapping("tool", folder.resolve("recipe/tool"), "/");
    assertThatExceptionOfType(BuildFailure.class)
        .isThrownBy(() -> new AddMappings(List.of(file)).run(draft, progress))
        .withMessage("mapping tool: a file needs a destination with a name, was /");
  }

  @Test
  void what_is_neither_file_nor_folder_is_refused() throws Exception {
    Path pipe = folder.resolve("recipe/www/pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    Mapping mapping = new Mapping("www", folder.resolve("recipe/www"), "/srv");
    assertThatExceptionOfType(BuildFailure.class)
        .isThrownBy(() -> new AddMappings(List.of(mapping)).run(draft, progress))
        .withMessageEndingWith(
            "pipe is neither a file, a folder nor a link; leave it out of the mapping");
  }

  @Test
  void an_image_has_no_name_until_it_is_published() throws Exception {
    Path image = folder.resolve("new/hello.cpio.gz");
    draft.tree().folder("/etc", 0755);
    new WriteArchive(image).run(draft, progress);
    assertThat(image).doesNotExist();
    new Publish().run(draft, progress);
    assertThat(draft.artifactSha256()).isEqualTo(Sha256.of(Files.readAllBytes(image)));
    draft.close();
    assertThat(image).exists();
  }

  @Test
  void a_draft_that_is_closed_early_leaves_nothing() throws Exception {
    new WriteArchive(folder.resolve("new/hello.cpio.gz")).run(draft, progress);
    draft.close();
    assertThat(folder.resolve("new")).isEmptyDirectory();
  }

  @Test
  void a_file_that_shrinks_while_it_is_written_fails_the_build() throws Exception {
    Path file = Files.writeString(folder.resolve("log"), "long");
    draft.tree().file("/log", 0644, Content.of(file));
    Files.writeString(file, "x");
    assertThatExceptionOfType(BuildFailure.class)
        .isThrownBy(() -> new WriteArchive(folder.resolve("a.cpio.gz")).run(draft, progress))
        .matches(failure -> failure.code() == ExitCode.OUTPUT);
  }

  private String text(String path) {
    if (draft.tree().at(path) instanceof TreeEntry.File(_, var content, _)) {
      try (var input = content.open()) {
        return new String(input.readAllBytes(), StandardCharsets.UTF_8);
      } catch (IOException failure) {
        throw new AssertionError(failure);
      }
    }
    throw new AssertionError("no file at " + path);
  }

  private int mode(String path) {
    if (draft.tree().at(path) instanceof TreeEntry.File(var attributes, _, _)) {
      return attributes.mode();
    }
    throw new AssertionError("no file at " + path);
  }
}
