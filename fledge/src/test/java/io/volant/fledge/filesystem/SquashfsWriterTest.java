package io.volant.fledge.filesystem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.volant.fledge.report.BuildFailure;
import io.volant.fledge.report.ExitCode;
import io.volant.fledge.tool.Tools;
import io.volant.fledge.tree.Attributes;
import io.volant.fledge.tree.Content;
import io.volant.fledge.tree.FileTree;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class SquashfsWriterTest {
  private static final FilesystemOptions OPTIONS = FilesystemOptions.of(FilesystemType.SQUASHFS);

  @TempDir private Path folder;

  private final Quiet progress = new Quiet();

  @Test
  void owners_modes_times_devices_and_links_are_kept() throws Exception {
    Path image = write(Samples.everything(), OPTIONS, "image");

    Map<String, String> lines = listing(image);

    assertThat(progress.warnings).isEmpty();
    assertThat(lines.get("")).matches("drwxr-x--x 33/50 [0-9]+ 2020-09-13 12:26");
    assertThat(lines.get("/etc/www")).isEqualTo("-rw-r----- 33/33 13 2020-09-13 12:26");
    assertThat(lines.get("/etc/far")).isEqualTo("-rw----r-- 100000/100001 4 2020-09-13 12:26");
    assertThat(lines.get("/etc/set-user")).startsWith("-rwsr-xr-x 0/0 ");
    assertThat(lines.get("/tmp")).startsWith("drwxrwxrwt 0/0 ");
    assertThat(lines.get("/group")).startsWith("drwxrwsr-x 0/50 ");
    assertThat(lines.get("/null")).isEqualTo("crw-rw---- 3/4 1, 3 2020-09-13 12:26");
    assertThat(lines.get("/disk")).startsWith("brw-rw---- 3/4 ");
    assertThat(lines.get("/pipe")).startsWith("prw--w--w- 5/6 ");
    assertThat(lines.get("/short-link -> etc/www")).startsWith("lrwxrwxrwx 11/12 ");
    assertThat(lines.keySet())
        .contains("/long-link -> " + Samples.LONG_TARGET, "/snow-link -> ../../☃");
    assertThat(lines.keySet()).contains("/" + Samples.LONG_NAME);
    assertThat(lines.keySet()).contains("/deep" + "/d234567890".repeat(40) + "/leaf");
    assertThat(lines).hasSize(Samples.everything().entries().size() + 1);
  }

  @Test
  void contents_hard_links_and_extended_attributes_are_kept() throws Exception {
    Assumptions.assumeTrue(System.getProperty("user.name").equals("root"), "unpacks devices");
    FileTree tree = Samples.everything();
    Path out = folder.resolve("out");

    run(
        "unsquashfs",
        "squashfs-tools",
        "-n",
        "-q",
        "-d",
        out.toString(),
        write(tree, OPTIONS, "image").toString());

    Unpacked.check(tree, out);
    Unpacked.checkExtended(out);
  }

  @Test
  void the_kernel_reads_the_same() throws Exception {
    FileTree tree = Samples.everything();
    Path image = write(tree, OPTIONS, "image");
    try (Mounted mounted = Mounted.at(folder.resolve("mounted"), image, "squashfs")) {
      Unpacked.check(tree, mounted.folder());
      Unpacked.checkExtended(mounted.folder());
    }
  }

  @Test
  void what_the_format_cannot_hold_is_told() throws Exception {
    FileTree tree = new FileTree();
    Attributes odd =
        new Attributes(0755, 7, 8, 0, new TreeMap<>(Map.of("system.posix_acl_access", "?")));
    tree.folder("/", odd);
    tree.file("/file", Samples.attributes(0644, 0, 0).withExtended(odd.extended()), Content.of(""));

    write(tree, OPTIONS, "image");

    assertThat(progress.warnings)
        .contains("the extended attributes of / are left out: mksquashfs cannot be told them")
        .anyMatch(line -> line.startsWith("mksquashfs: Unrecognised tar xattr prefix system."));
  }

  @Test
  void the_root_folder_may_have_an_owner_of_its_own() throws Exception {
    FileTree tree = Samples.everything();
    tree.folder("/", Samples.attributes(0751, 7007, 7008));
    Path image = write(tree, OPTIONS, "image");

    assertThat(listing(image).get("")).startsWith("drwxr-x--x 7007/7008 ");
    try (Mounted mounted = Mounted.at(folder.resolve("mounted"), image, "squashfs")) {
      Unpacked.check(tree, mounted.folder());
      Unpacked.checkExtended(mounted.folder());
    }
  }

  /** Even one whom no file belongs to, and who is not root. */
  @Test
  void it_does_not_matter_who_builds() throws Exception {
    Assumptions.assumeTrue(System.getProperty("user.name").equals("root"), "becomes another user");
    Path tools = Files.createDirectory(folder.resolve("tools"));
    Path nobody = tools.resolve("mksquashfs");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    Files.writeString(
        nobody,
        "#!/bin/sh\nexec /usr/bin/setpriv --reuid=65534 --regid=65533 --clear-groups"
            + " /usr/bin/mksquashfs \"$@\"\n");
    Files.setPosixFilePermissions(nobody, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path theirs = folder.resolve("theirs");

    FilesystemWriters.of(OPTIONS, Tools.in(List.of(tools)))
        .write(Samples.everything(), theirs, folder, progress);

    assertThat(Files.getAttribute(theirs, "unix:uid")).isEqualTo(65_534);
    assertThat(theirs).hasSameBinaryContentAs(write(Samples.everything(), OPTIONS, "ours"));
  }

  @Test
  void two_builds_have_the_same_bytes() throws Exception {
    Path first = write(Samples.everything(), OPTIONS, "first");
    Path second = write(Samples.everything(), OPTIONS, "second");

    assertThat(second).hasSameBinaryContentAs(first);
  }

  @Test
  void the_compression_level_counts() throws Exception {
    FileTree tree = new FileTree();
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 100_000; i++) {
      text.append(Integer.toHexString(i * i)).append(' ');
    }
    tree.file("/text", 0644, Content.of(text.toString()));
    FilesystemOptions fast = new FilesystemOptions(FilesystemType.SQUASHFS, 1, 0, false);
    FilesystemOptions small = new FilesystemOptions(FilesystemType.SQUASHFS, 22, 0, false);

    assertThat(Files.size(write(tree, small, "small")))
        .isLessThan(Files.size(write(tree, fast, "fast")));
  }

  @Test
  void a_missing_program_is_told_with_its_package() {
    FilesystemWriter writer = FilesystemWriters.of(OPTIONS, Tools.in(List.of(folder)));

    assertThatThrownBy(() -> writer.write(new FileTree(), folder.resolve("i"), folder, progress))
        .isInstanceOf(BuildFailure.class)
        .hasMessage("mksquashfs is not installed; install it with: apt-get install squashfs-tools");
  }

  @Test
  void a_file_that_becomes_shorter_leaves_no_image() throws Exception {
    Path source = Files.write(folder.resolve("source"), new byte[1000]);
    FileTree tree = new FileTree();
    tree.file("/data", 0644, Content.of(source));
    Files.write(source, new byte[10]);
    Path image = folder.resolve("image");

    assertThatThrownBy(() -> write(tree, OPTIONS, "image"))
        .hasMessageContaining("/data has become shorter while it was read");
    assertThat(image).doesNotExist();
  }

  @Test
  void an_interrupted_build_leaves_no_image_and_no_program() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    FileTree tree = new FileTree();
    tree.file("/endless", 0644, endless(asked));
    CompletableFuture<BuildFailure> result = new CompletableFuture<>();
    Thread builder =
        Thread.ofPlatform()
            .start(() -> {
              try {
                write(tree, OPTIONS, "image");
              } catch (BuildFailure failure) {
                result.complete(failure);
              }
            });
    assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();

    builder.interrupt();

    assertThat(result.get(30, TimeUnit.SECONDS).code()).isEqualTo(ExitCode.OUTPUT);
    assertThat(folder.resolve("image")).doesNotExist();
    assertThat(ProcessHandle.current().descendants()).isEmpty();
  }

  /** Zeros that never end. */
  private static Content endless(CountDownLatch asked) {
    return new Content() {
      @Override
      public long sizeBytes() {
        return Long.MAX_VALUE / 4;
      }

      @Override
      public InputStream open() {
        return new InputStream() {
          @Override
          public int read() {
            return 0;
          }

          @Override
          public int read(byte[] bytes, int offset, int length) {
            asked.countDown();
            return length;
          }
        };
      }
    };
  }

  private Path write(FileTree tree, FilesystemOptions options, String name) throws BuildFailure {
    Path image = folder.resolve(name);
    FilesystemWriters.of(options, Tools.ofHost()).write(tree, image, folder, progress);
    return image;
  }

  /** What unsquashfs says of each path, single blanks between the columns. */
  private Map<String, String> listing(Path image) throws BuildFailure {
    Map<String, String> lines = new TreeMap<>();
    String output = run("unsquashfs", "squashfs-tools", "-lln", "-d", "", image.toString());
    output
        .lines()
        .filter(line -> line.length() > 10)
        .forEach(line -> {
          int slash = line.indexOf(" /", 40);
          int name = slash < 0 ? line.length() : slash + 1;
          lines.put(
              line.substring(name).strip(), line.substring(0, name).strip().replaceAll(" +", " "));
        });
    return lines;
  }

  private static String run(String program, String debianPackage, String... arguments)
      throws BuildFailure {
    return Tools.ofHost()
        .find(program, debianPackage)
        .call(arguments)
        .with("TZ", "UTC")
        .run(ExitCode.OUTPUT);
  }
}
