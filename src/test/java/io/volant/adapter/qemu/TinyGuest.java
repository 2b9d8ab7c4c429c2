package io.volant.adapter.qemu;

import io.volant.adapter.files.DirectoryKernelShelf;
import io.volant.model.VmId;
import io.volant.vm.LaunchSpec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.commons.compress.archivers.cpio.CpioArchiveEntry;
import org.apache.commons.compress.archivers.cpio.CpioArchiveOutputStream;
import org.apache.commons.compress.archivers.cpio.CpioConstants;

/** The smallest guest: a static busybox, and a script as PID 1. */
final class TinyGuest {

  /** The first line that the guest itself writes. */
  static final String UP = "tiny guest: up";

  private static final Path BUSYBOX = Path.of("/usr/bin/busybox");

  private TinyGuest() {}

  /**
   * What to launch for a guest that says {@link #UP}, then runs the commands.
   *
   * @param runDirectory an existing folder
   */
  static LaunchSpec in(Path runDirectory, long id, String commands) throws IOException {
    Path initrd = runDirectory.resolve("initrd");
    Files.write(initrd, initramfs(commands));
    return new LaunchSpec(
        new VmId(id),
        "tiny",
        runDirectory.toString(),
        kernel(),
        initrd.toString(),
        "console=ttyS0 panic=-1 reboot=t",
        1,
        128,
        List.of(),
        null,
        true);
  }

  /** The kernel that the daemon would take; the tests' scripts have put one there. */
  static LaunchSpec.Kernel kernel() {
    Path home =
        Path.of(Optional.ofNullable(System.getenv("VOLANT_HOME")).orElse("/var/lib/volant"));
    return new DirectoryKernelShelf(home.resolve("kernels"), Runnable::run)
        .choose(null)
        .toCompletableFuture()
        .join();
  }

  private static byte[] initramfs(String commands) throws IOException {
    if (!Files.isExecutable(BUSYBOX)) {
      throw new IOException("no " + BUSYBOX + ": apt-get install busybox-static");
    }
    String init =
        """
        #!/bin/busybox sh
        /bin/busybox mount -t proc proc /proc
        echo "%s"
        %s
        while true; do /bin/busybox sleep 1000; done
        """
            .formatted(UP, commands);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (CpioArchiveOutputStream archive = new CpioArchiveOutputStream(bytes)) {
      folder(archive, "bin");
      folder(archive, "proc");
      folder(archive, "dev");
      file(archive, "bin/busybox", Files.readAllBytes(BUSYBOX));
      file(archive, "init", init.getBytes(StandardCharsets.UTF_8));
      CpioArchiveEntry console = new CpioArchiveEntry(CpioConstants.FORMAT_NEW, "dev/console");
      console.setMode(CpioConstants.C_ISCHR | 0600);
      console.setRemoteDeviceMaj(5);
      console.setRemoteDeviceMin(1);
      archive.putArchiveEntry(console);
      archive.closeArchiveEntry();
    }
    return bytes.toByteArray();
  }

  private static void folder(CpioArchiveOutputStream archive, String name) throws IOException {
    CpioArchiveEntry entry = new CpioArchiveEntry(CpioConstants.FORMAT_NEW, name);
    entry.setMode(CpioConstants.C_ISDIR | 0755);
    archive.putArchiveEntry(entry);
    archive.closeArchiveEntry();
  }

  private static void file(CpioArchiveOutputStream archive, String name, byte[] content)
      throws IOException {
    CpioArchiveEntry entry = new CpioArchiveEntry(CpioConstants.FORMAT_NEW, name, content.length);
    entry.setMode(CpioConstants.C_ISREG | 0755);
    archive.putArchiveEntry(entry);
    archive.write(content);
    archive.closeArchiveEntry();
  }
}
