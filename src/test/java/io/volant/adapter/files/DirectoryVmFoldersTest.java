package io.volant.adapter.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.volant.model.VmId;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.cpio.CpioArchiveEntry;
import org.apache.commons.compress.archivers.cpio.CpioArchiveInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryVmFoldersTest {

  private static final VmId VM = new VmId(7);
  private static final byte[] DOCUMENT = "boot=1\0vm=7\0".getBytes(StandardCharsets.UTF_8);

  @TempDir private Path home;
  private DirectoryVmFolders folders;
  private Path vms;

  @BeforeEach
  void open() throws IOException {
    vms = Files.createDirectory(home.resolve("vms"));
    folders = new DirectoryVmFolders(vms, home.resolve("kestrel"), Runnable::run);
  }

  @Test
  void the_initramfs_is_modules_then_archive_then_boot_document_each_padded_to_four()
      throws IOException {
    Path archive = write("plugin.cpio.gz", "12345");
    Path modules = write("modules.cpio", "123456");

    String initrd =
        get(folders.prepare(VM, List.of(modules.toString()), archive.toString(), DOCUMENT));

    byte[] bytes = Files.readAllBytes(Path.of(initrd));
    assertThat(Arrays.copyOf(bytes, 16))
        .isEqualTo("123456\0\00012345\0\0\0".getBytes(StandardCharsets.UTF_8));
    assertThat(entries(Arrays.copyOfRange(bytes, 16, bytes.length)))
        .containsExactly(
            Map.entry("volant 40755", ""),
            Map.entry("volant/boot 100400", new String(DOCUMENT, StandardCharsets.UTF_8)));
    assertThat(bytes.length % 4).isZero();
    assertThat(mode(vms.resolve("7"))).isEqualTo("rwx------");
  }

  @Test
  void without_modules_and_boot_document_it_is_the_archive_alone() throws IOException {
    Path archive = write("plugin.cpio", "1234");

    String initrd = get(folders.prepare(VM, List.of(), archive.toString(), new byte[0]));

    assertThat(Path.of(initrd)).hasContent("1234");
  }

  @Test
  void preparing_again_replaces_it() throws IOException {
    get(folders.prepare(VM, List.of(), write("a", "first").toString(), DOCUMENT));
    String initrd = get(folders.prepare(VM, List.of(), write("b", "2222").toString(), new byte[0]));

    assertThat(Path.of(initrd)).hasContent("2222");
    assertThat(names(vms.resolve("7"))).containsExactly("initrd");
  }

  @Test
  void without_an_archive_the_hosts_own_agent_is_the_first_process() throws IOException {
    Files.writeString(home.resolve("kestrel"), "the agent");
    Path modules = write("modules.cpio", "1234");

    String initrd = get(folders.prepare(VM, List.of(modules.toString()), null, DOCUMENT));

    byte[] bytes = Files.readAllBytes(Path.of(initrd));
    assertThat(entries(Arrays.copyOfRange(bytes, 4, bytes.length)))
        .containsExactly(Map.entry("init 100755", "the agent"));
    assertThat(new String(bytes, StandardCharsets.UTF_8)).contains("volant/boot");
  }

  @Test
  void an_agent_that_is_not_there_is_told_with_where_to_get_it() {
    assertThatThrownBy(() -> get(folders.prepare(VM, List.of(), null, DOCUMENT)))
        .cause()
        .hasMessageContaining("there is no guest agent at " + home.resolve("kestrel"))
        .hasMessageContaining("volant.guest.agent");
  }

  @Test
  void a_missing_archive_is_named() {
    assertThatThrownBy(() -> get(folders.prepare(VM, List.of(), "/no/such/archive", new byte[0])))
        .cause()
        .hasMessageContaining(vms.resolve("7").toString())
        .hasMessageContaining("there is no file /no/such/archive");
  }

  @Test
  void release_keeps_the_console_log_and_what_it_does_not_know() throws IOException {
    get(folders.prepare(VM, List.of(), write("a", "1234").toString(), DOCUMENT));
    Path folder = vms.resolve("7");
    listenOn(folder.resolve("qmp.sock"));
    listenOn(folder.resolve("link.sock"));
    Files.writeString(folder.resolve("qemu.pid"), "1");
    Files.writeString(folder.resolve("console.log"), "boot");
    Files.writeString(folder.resolve("root.qcow2"), "disk");

    get(folders.release(VM));
    get(folders.release(VM));

    assertThat(names(folder)).containsExactly("console.log", "root.qcow2");
  }

  @Test
  void delete_removes_all_of_it_and_follows_no_link() throws IOException {
    Path outside = Files.createDirectory(home.resolve("outside"));
    Files.writeString(outside.resolve("precious"), "x");
    Path folder = Files.createDirectories(vms.resolve("7/disks"));
    Files.createSymbolicLink(folder.resolve("link"), outside);
    Files.createSymbolicLink(vms.resolve("8"), outside);

    get(folders.delete(VM));
    get(folders.delete(VM));
    get(folders.delete(new VmId(8)));

    assertThat(names(vms)).isEmpty();
    assertThat(outside.resolve("precious")).exists();
  }

  @Test
  void release_of_a_vm_without_a_folder_is_done_at_once() {
    assertThat(folders.release(VM)).isCompleted();
    assertThat(folders.pathOf(VM)).isEqualTo(vms.resolve("7").toString());
  }

  private Path write(String name, String content) throws IOException {
    return Files.writeString(home.resolve(name), content);
  }

  private static void listenOn(Path socket) throws IOException {
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(socket));
    }
  }

  private static Map<String, String> entries(byte[] archive) throws IOException {
    Map<String, String> found = new LinkedHashMap<>();
    try (CpioArchiveInputStream in =
        new CpioArchiveInputStream(new ByteArrayInputStream(archive))) {
      for (CpioArchiveEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        found.put(
            entry.getName() + " " + Long.toOctalString(entry.getMode()),
            new String(in.readAllBytes(), StandardCharsets.UTF_8));
      }
    }
    return found;
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> String.valueOf(file.getFileName())).sorted().toList();
    }
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  private static <T> T get(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }
}
