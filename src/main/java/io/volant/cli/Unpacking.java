package io.volant.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * Unpacks what a guest has packed. The guest is not trusted: nothing is written outside of the
 * place that was named, through no link, and no file gets a set-user-id or set-group-id bit.
 */
final class Unpacking {

  private static final int MODE_BITS = 0777;

  /** Folders get their mode and time when all is in them. */
  private record Folder(Path path, TarArchiveEntry entry) {}

  private final Path folder;
  private final String newName;
  private final boolean owners;
  private final Consumer<String> complaints;
  private final Deque<Folder> folders = new ArrayDeque<>();

  /**
   * An unpacking.
   *
   * @param folder where to, an existing folder
   * @param newName what stands for the first part of each name; empty: that part itself
   * @param owners whether files get the owners that the archive says, as numbers
   * @param complaints told what is left out
   */
  Unpacking(Path folder, String newName, boolean owners, Consumer<String> complaints) {
    this.folder = folder;
    this.newName = newName;
    this.owners = owners;
    this.complaints = complaints;
  }

  void run(InputStream archive) throws IOException {
    try (TarArchiveInputStream tar = new TarArchiveInputStream(archive, "UTF-8")) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        unpack(tar, entry);
      }
    }
    for (Folder made : folders) {
      dress(made.path(), made.entry());
    }
  }

  private void unpack(TarArchiveInputStream tar, TarArchiveEntry entry) throws IOException {
    Path path = place(entry.getName());
    if (entry.isDirectory()) {
      if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
        Files.deleteIfExists(path);
        Files.createDirectory(path);
      }
      folders.push(new Folder(path, entry));
    } else if (entry.isSymbolicLink()) {
      clear(path);
      Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
      own(path, entry);
    } else if (entry.isLink()) {
      Path target = place(entry.getLinkName());
      clear(path);
      Files.createLink(path, target);
    } else if (entry.isFile()
        && !entry.isCharacterDevice()
        && !entry.isBlockDevice()
        && !entry.isFIFO()) {
      clear(path);
      try (OutputStream out = Files.newOutputStream(path, StandardOpenOption.CREATE_NEW)) {
        tar.transferTo(out);
      }
      dress(path, entry);
    } else {
      complaints.accept("left out, as it is neither file, folder nor link: " + entry.getName());
    }
  }

  private static void clear(Path path) throws IOException {
    if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      throw new FileAlreadyExistsException(path.toString(), null, "a folder is in the way");
    }
    Files.deleteIfExists(path);
  }

  /** Where an entry goes: below the folder, and through real folders only. */
  private Path place(String name) throws IOException {
    Path path = folder;
    boolean first = true;
    for (String part : name.split("/+", -1)) {
      if (part.isEmpty() || (part.equals(".") && !first)) {
        continue;
      }
      if (part.equals("..") || name.startsWith("/")) {
        throw new IOException("the archive has a name that leads out of it: " + name);
      }
      if (!first && !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
        throw new IOException("the archive has a name that leads through a link: " + name);
      }
      String here = first && !newName.isEmpty() ? newName : part;
      path = here.equals(".") ? path : path.resolve(here);
      first = false;
    }
    if (first) {
      throw new IOException("the archive has an entry without a name");
    }
    return path;
  }

  private void dress(Path path, TarArchiveEntry entry) throws IOException {
    own(path, entry);
    Files.setPosixFilePermissions(path, permissions(entry.getMode() & MODE_BITS));
    Files.setLastModifiedTime(path, FileTime.from(entry.getLastModifiedTime().toInstant()));
  }

  private void own(Path path, TarArchiveEntry entry) throws IOException {
    if (owners) {
      set(path, "unix:uid", entry.getLongUserId());
      set(path, "unix:gid", entry.getLongGroupId());
    }
  }

  private static void set(Path path, String attribute, long id) throws IOException {
    Files.setAttribute(path, attribute, (int) id, LinkOption.NOFOLLOW_LINKS);
  }

  private static Set<PosixFilePermission> permissions(int mode) {
    Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
    String text = "rwxrwxrwx";
    StringBuilder shown = new StringBuilder();
    for (int bit = 0; bit < text.length(); bit++) {
      shown.append((mode >> (text.length() - 1 - bit) & 1) == 1 ? text.charAt(bit) : '-');
    }
    permissions.addAll(PosixFilePermissions.fromString(shown.toString()));
    return permissions;
  }
}
