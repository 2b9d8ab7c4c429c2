package io.volant.adapter.files;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Where things are below {@code VOLANT_HOME}.
 *
 * @param root absolute path of the home itself
 */
public record VolantHome(Path root) {

  /**
   * @throws IllegalArgumentException if the path is not absolute
   */
  public VolantHome {
    if (!root.isAbsolute()) {
      throw new IllegalArgumentException(
          "VOLANT_HOME must be an absolute path, not \"" + root + "\"");
    }
    root = root.normalize();
  }

  /** The event journal. */
  public Path journal() {
    return root.resolve("journal");
  }

  /** Snapshots of the journal's actors. */
  public Path snapshots() {
    return root.resolve("snapshots");
  }

  /** The store of boot media. */
  public Path artifacts() {
    return root.resolve("artifacts");
  }

  /** The kernels, one folder each. */
  public Path kernels() {
    return root.resolve("kernels");
  }

  /** The VMs' folders, one for each id. */
  public Path vms() {
    return root.resolve("vms");
  }

  /** The file whose lock says that a daemon runs on this home. */
  public Path lockFile() {
    return root.resolve("volantd.lock");
  }

  /**
   * Makes the folders. All but the kernels are private to the daemon's user: the journal holds
   * workloads' environments, and the VMs' folders hold sockets that command a hypervisor. Kernels
   * are no secret, and builders read them.
   */
  public void create() throws IOException {
    makeFolder(root, "rwxr-xr-x");
    makeFolder(kernels(), "rwxr-xr-x");
    for (Path folder : new Path[] {journal(), snapshots(), artifacts(), vms()}) {
      makeFolder(folder, "rwx------");
      // Also where the folder was there: an umask or a copy may have left it open.
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    }
  }

  private static void makeFolder(Path folder, String mode) throws IOException {
    if (Files.isDirectory(folder)) {
      return;
    }
    if (folder.getParent() != null) {
      Files.createDirectories(folder.getParent());
    }
    try {
      Files.createDirectory(folder);
    } catch (FileAlreadyExistsException e) {
      throw new IOException(folder + " is there and is not a folder: move it away", e);
    }
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(mode));
  }
}
