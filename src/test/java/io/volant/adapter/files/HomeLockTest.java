package io.volant.adapter.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HomeLockTest {

  @TempDir private Path folder;

  @Test
  void the_folders_are_made_and_the_private_ones_are_private() throws IOException {
    VolantHome home = new VolantHome(folder.resolve("new/home"));
    Files.createDirectories(home.vms());
    Files.setPosixFilePermissions(home.vms(), PosixFilePermissions.fromString("rwxrwxrwx"));

    try (HomeLock lock = HomeLock.acquire(home)) {
      assertThat(lock.home()).isEqualTo(home);
      for (Path hidden :
          new Path[] {home.journal(), home.snapshots(), home.artifacts(), home.vms()}) {
        assertThat(mode(hidden)).as(hidden.toString()).isEqualTo("rwx------");
      }
      assertThat(mode(home.kernels())).isEqualTo("rwxr-xr-x");
    }
  }

  @Test
  void a_second_daemon_is_told_who_has_the_home_and_gets_it_afterwards() throws IOException {
    VolantHome home = new VolantHome(folder);
    try (HomeLock lock = HomeLock.acquire(home)) {
      assertThat(lock.home()).isEqualTo(home);
      assertThatThrownBy(() -> HomeLock.acquire(home))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("already works on " + folder)
          .hasMessageContaining("VOLANT_HOME");
    }
    HomeLock.acquire(home).close();
  }

  @Test
  void another_process_is_named_by_its_pid_and_its_death_frees_the_home() throws Exception {
    Process holder =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-cp",
                System.getProperty("java.class.path"),
                Holder.class.getName(),
                folder.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    VolantHome home = new VolantHome(folder);
    try (BufferedReader said =
        new BufferedReader(
            new InputStreamReader(holder.getInputStream(), StandardCharsets.UTF_8))) {
      assertThat(said.readLine()).isEqualTo("locked");

      assertThatThrownBy(() -> HomeLock.acquire(home))
          .hasMessageContaining("another volantd (pid " + holder.pid() + ")");
    } finally {
      holder.destroyForcibly().waitFor();
    }
    HomeLock.acquire(home).close();
  }

  @Test
  void a_home_must_be_absolute_and_a_folder() throws IOException {
    assertThatThrownBy(() -> new VolantHome(Path.of("relative")))
        .hasMessageContaining("VOLANT_HOME must be an absolute path");
    Path file = Files.writeString(folder.resolve("file"), "x");
    assertThatThrownBy(() -> HomeLock.acquire(new VolantHome(file)))
        .hasMessageContaining(file + " is there and is not a folder");
  }

  /** Another daemon: holds the lock until it is killed. */
  static final class Holder {

    private Holder() {}

    public static void main(String[] arguments) throws IOException {
      HomeLock lock = HomeLock.acquire(new VolantHome(Path.of(arguments[0])));
      try (lock;
          OutputStream out = new FileOutputStream(FileDescriptor.out)) {
        out.write("locked\n".getBytes(StandardCharsets.UTF_8));
        // Never comes: the test holds the other end, and kills us.
        System.in.transferTo(OutputStream.nullOutputStream());
      }
    }
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
