package io.volant.adapter.files;

import io.volant.model.VmId;
import io.volant.vm.VmFolders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.pekko.Done;
import org.jspecify.annotations.Nullable;

/** The VMs' folders as plain folders, {@code vms/<id>} with mode 0700. */
public final class DirectoryVmFolders implements VmFolders {

  private static final String INITRD = "initrd";
  private static final String INITRD_UNFINISHED = "initrd.new";

  /** Kernels find the next archive only where it begins at a multiple of 4. */
  private static final int ARCHIVE_ALIGNMENT = 4;

  /** What one run needs besides sockets; disks stay. */
  private static final Set<String> RUN_FILES =
      Set.of(INITRD, INITRD_UNFINISHED, DirectoryVmDisks.SEED);

  private final Path vms;
  private final Path agent;
  private final Executor blocking;

  /**
   * @param vms absolute path of the folder that holds them
   * @param agent absolute path of kestrel, for guests whose boot medium has none
   * @param blocking runs what waits for the disk
   */
  public DirectoryVmFolders(Path vms, Path agent, Executor blocking) {
    this.vms = vms;
    this.agent = agent;
    this.blocking = blocking;
  }

  @Override
  public String pathOf(VmId vmId) {
    return folderOf(vmId).toString();
  }

  @Override
  public CompletionStage<String> prepare(
      VmId vmId, List<String> modules, @Nullable String archive, byte[] bootDocument) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return prepareNow(vmId, modules, archive, bootDocument).toString();
          } catch (IOException e) {
            throw failure("cannot prepare the VM's folder " + folderOf(vmId), e);
          }
        },
        blocking);
  }

  @Override
  public CompletionStage<Done> release(VmId vmId) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            releaseNow(folderOf(vmId));
            return Done.getInstance();
          } catch (IOException e) {
            throw failure("cannot tidy up the VM's folder " + folderOf(vmId), e);
          }
        },
        blocking);
  }

  @Override
  public CompletionStage<Done> delete(VmId vmId) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            deleteNow(folderOf(vmId));
            return Done.getInstance();
          } catch (IOException e) {
            throw failure("cannot remove the VM's folder " + folderOf(vmId), e);
          }
        },
        blocking);
  }

  private Path folderOf(VmId vmId) {
    return vms.resolve(vmId.toString());
  }

  private Path prepareNow(
      VmId vmId, List<String> modules, @Nullable String archive, byte[] bootDocument)
      throws IOException {
    Path folder = folderOf(vmId);
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      Files.createDirectory(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
    Path unfinished = folder.resolve(INITRD_UNFINISHED);
    try (FileChannel out =
        FileChannel.open(
            unfinished,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      for (String part : modules) {
        append(out, Path.of(part));
      }
      if (archive == null) {
        writeFully(out, ByteBuffer.wrap(agentSegment()));
      } else {
        append(out, Path.of(archive));
      }
      if (bootDocument.length > 0) {
        writeFully(out, ByteBuffer.wrap(bootSegment(bootDocument)));
      }
    }
    // Not synced: after a crash of the host it is assembled anew.
    Path initrd = folder.resolve(INITRD);
    Files.move(unfinished, initrd, StandardCopyOption.ATOMIC_MOVE);
    return initrd;
  }

  private static void append(FileChannel out, Path part) throws IOException {
    try (FileChannel in = FileChannel.open(part, StandardOpenOption.READ)) {
      long size = in.size();
      long done = 0;
      while (done < size) {
        long moved = in.transferTo(done, size - done, out);
        if (moved <= 0) {
          throw new IOException(part + " became shorter while it was read");
        }
        done += moved;
      }
    }
    int beyond = (int) (out.position() % ARCHIVE_ALIGNMENT);
    if (beyond != 0) {
      // Zeros between archives are skipped by the kernel, after a compressed one too.
      writeFully(out, ByteBuffer.allocate(ARCHIVE_ALIGNMENT - beyond));
    }
  }

  private byte[] agentSegment() throws IOException {
    if (!Files.isRegularFile(agent)) {
      throw new IOException(
          "there is no guest agent at "
              + agent
              + ": make kestrel builds it, volant.guest.agent says where it is");
    }
    return new NewcArchive().file("init", 0755, Files.readAllBytes(agent)).end();
  }

  private static byte[] bootSegment(byte[] bootDocument) {
    return new NewcArchive().folder("volant", 0755).file("volant/boot", 0400, bootDocument).end();
  }

  private static void writeFully(FileChannel out, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      out.write(bytes);
    }
  }

  private static void releaseNow(Path folder) throws IOException {
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        if (belongsToOneRun(entry)) {
          Files.deleteIfExists(entry);
        }
      }
    }
  }

  private static boolean belongsToOneRun(Path entry) {
    String name = String.valueOf(entry.getFileName());
    return name.endsWith(".sock") || name.endsWith(".pid") || RUN_FILES.contains(name);
  }

  private static void deleteNow(Path folder) throws IOException {
    try {
      // A link is removed and never followed: walkFileTree follows none unless told to.
      Files.walkFileTree(folder, new DeleteEverything());
    } catch (NoSuchFileException e) {
      if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
        throw e;
      }
    }
  }

  private static UncheckedIOException failure(String what, IOException cause) {
    return new UncheckedIOException(what + ": " + FileFailures.describe(cause), cause);
  }

  private static final class DeleteEverything extends SimpleFileVisitor<Path> {

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.deleteIfExists(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure)
        throws IOException {
      if (failure != null) {
        throw failure;
      }
      Files.deleteIfExists(folder);
      return FileVisitResult.CONTINUE;
    }
  }
}
