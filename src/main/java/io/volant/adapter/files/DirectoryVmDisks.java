package io.volant.adapter.files;

import io.volant.adapter.process.CommandRunner;
import io.volant.artifact.DiskFormat;
import io.volant.model.VmId;
import io.volant.vm.LaunchSpec.Base;
import io.volant.vm.LaunchSpec.BlockDevice;
import io.volant.vm.VmDisks;
import io.volant.vm.WantedDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;

/**
 * The VMs' disks as files in their folders, {@code vms/<id>/<serial>.qcow2} and {@code .ext4}. A
 * file has its name only once it is whole and on the disk; from then on it is the guest's, and no
 * program of the host looks into it any more.
 */
public final class DirectoryVmDisks implements VmDisks {

  /** The cloud-init seed's file, which belongs to one run. */
  static final String SEED = "seed.vfat";

  private static final String UNFINISHED = ".new";

  /** Making file systems is work for the disk: more at once would only wait for each other. */
  private static final int AT_ONCE = 4;

  private final Path vms;
  private final CommandRunner commands;
  private final Executor blocking;
  private final Semaphore turns = new Semaphore(AT_ONCE, true);

  /**
   * @param vms absolute path of the folder that holds the VMs' folders
   * @param commands runs qemu-img and those that make file systems
   * @param blocking runs what waits for them
   */
  public DirectoryVmDisks(Path vms, CommandRunner commands, Executor blocking) {
    this.vms = vms;
    this.commands = commands;
    this.blocking = blocking;
  }

  @Override
  public CompletionStage<List<BlockDevice>> ensure(VmId vmId, List<WantedDisk> wanted) {
    if (wanted.isEmpty()) {
      return CompletableFuture.completedFuture(List.of());
    }
    return CompletableFuture.supplyAsync(() -> ensureAll(vmId, wanted), blocking);
  }

  private List<BlockDevice> ensureAll(VmId vmId, List<WantedDisk> wanted) {
    Path folder = vms.resolve(vmId.toString());
    List<BlockDevice> disks = new ArrayList<>();
    for (WantedDisk disk : wanted) {
      try {
        turns.acquire();
        try {
          disks.add(ensureOne(folder, disk));
        } finally {
          turns.release();
        }
      } catch (IOException e) {
        throw new UncheckedIOException(
            "cannot make the disk " + disk.serial() + ": " + FileFailures.describe(e), e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(
            "cannot make the disk " + disk.serial() + ": the daemon is stopping", e);
      }
    }
    return disks;
  }

  private BlockDevice ensureOne(Path folder, WantedDisk disk)
      throws IOException, InterruptedException {
    return switch (disk) {
      case WantedDisk.Shared(var serial, var path, var format) ->
          new BlockDevice(serial, path, format, true, null);
      case WantedDisk.Layered layered -> {
        Path file = folder.resolve(layered.serial() + ".qcow2");
        dropIfOfAnother(file, layered);
        make(file, unfinished -> makeLayer(unfinished, layered));
        Base base = new Base(layered.path(), layered.format());
        yield new BlockDevice(layered.serial(), file.toString(), DiskFormat.QCOW2, false, base);
      }
      case WantedDisk.Empty(var serial, var sizeBytes) -> {
        Path file = folder.resolve(serial + ".ext4");
        make(file, unfinished -> makeExt4(unfinished, serial, sizeBytes));
        yield new BlockDevice(serial, file.toString(), DiskFormat.RAW, false, null);
      }
      case WantedDisk.Seed seed -> {
        Path file = folder.resolve(SEED);
        Files.deleteIfExists(file); // the documents may be others now
        make(file, unfinished -> new SeedImage(commands).write(unfinished, seed));
        yield new BlockDevice(seed.serial(), file.toString(), DiskFormat.RAW, true, null);
      }
    };
  }

  /** Fills a file that does not have its name yet. */
  @FunctionalInterface
  private interface Maker {
    void fill(Path unfinished) throws IOException, InterruptedException;
  }

  /** What is there under its name is whole, and stays. */
  private static void make(Path file, Maker maker) throws IOException, InterruptedException {
    if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    Path unfinished = file.resolveSibling(file.getFileName() + UNFINISHED);
    Files.deleteIfExists(unfinished);
    try {
      maker.fill(unfinished);
      sync(unfinished);
      Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
      sync(file.resolveSibling(""));
    } finally {
      Files.deleteIfExists(unfinished);
    }
  }

  /**
   * Changes to one image mean nothing on another: where the VM has got another one, they go. Files
   * of the store are named by their content, wherever the store is.
   */
  private static void dropIfOfAnother(Path file, WantedDisk.Layered layer) throws IOException {
    if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      String base = ImageHeader.read(file).backingFile();
      if (base != null && !nameOf(base).equals(nameOf(layer.path()))) {
        Files.delete(file);
      }
    }
  }

  private static String nameOf(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /** The base's format is told, never found out: a stranger wrote its first bytes. */
  private void makeLayer(Path file, WantedDisk.Layered layer)
      throws IOException, InterruptedException {
    commands.run(
        List.of(
            "qemu-img",
            "create",
            "-q",
            "-f",
            "qcow2",
            "-F",
            layer.format() == DiskFormat.RAW ? "raw" : "qcow2",
            "-b",
            layer.path(),
            file.toString()),
        "");
  }

  private void makeExt4(Path file, String label, long sizeBytes)
      throws IOException, InterruptedException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.allocate(1), sizeBytes - 1); // all before it is a hole
    }
    commands.run(
        List.of(
            "mkfs.ext4",
            "-q",
            "-F",
            "-m",
            "0",
            "-L",
            label,
            "-E",
            // the guest's kernel does in the background what would take long here
            "nodiscard,lazy_itable_init=1,lazy_journal_init=1",
            file.toString()),
        "");
  }

  private static void sync(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
