package io.volant.fledge.inspect;

import io.volant.fledge.report.BuildFailure;
import io.volant.fledge.report.ExitCode;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;

/**
 * Reads the headers of a newc archive in gzip. A header says how long its name and its content are;
 * neither is believed beyond a limit.
 */
final class CpioLister implements Lister {
  private static final int HEADER_BYTES = 110;
  private static final int FIELD_DIGITS = 8;
  private static final int MAGIC_DIGITS = 6;
  private static final int PATH_BYTES_MAX = 4096;
  private static final int BUFFER_BYTES = 64 * 1024;

  /** An initramfs is in memory, so this is far more than one can have. */
  private static final long WHOLE_BYTES_MAX = 64L * 1024 * 1024 * 1024;

  private static final String END = "TRAILER!!!";

  @Override
  public void list(Path artifact, Consumer<ListedFile> files) throws BuildFailure {
    try (InputStream archive =
        new BufferedInputStream(
            new GZIPInputStream(Files.newInputStream(artifact), BUFFER_BYTES), BUFFER_BYTES)) {
      list(archive, files);
    } catch (EOFException cutShort) {
      throw damaged(artifact, "it ends too early");
    } catch (IOException broken) {
      throw damaged(artifact, String.valueOf(broken.getMessage()));
    }
  }

  private static void list(InputStream archive, Consumer<ListedFile> files) throws IOException {
    long wholeBytes = 0;
    for (int count = 0; count <= FILES_MAX; count++) {
      Header header = Header.read(archive);
      String name = text(archive, header.nameBytes - 1);
      archive.skipNBytes(1 + padding(HEADER_BYTES + header.nameBytes));
      if (name.equals(END)) {
        return;
      }
      ListedFile.Kind kind = ListedFile.Kind.ofMode(header.mode);
      String target = null;
      if (kind == ListedFile.Kind.LINK && header.sizeBytes <= PATH_BYTES_MAX) {
        target = text(archive, (int) header.sizeBytes);
      } else {
        archive.skipNBytes(header.sizeBytes);
      }
      archive.skipNBytes(padding(header.sizeBytes));
      wholeBytes += header.sizeBytes;
      if (wholeBytes > WHOLE_BYTES_MAX) {
        throw new IOException("it unpacks to more than 64 GiB");
      }
      String path = name.startsWith("/") ? name : "/" + name;
      files.accept(
          new ListedFile(
              path, kind, header.mode & 07777, header.uid, header.gid, header.sizeBytes, target));
    }
    throw new IOException("it has more than " + FILES_MAX + " files");
  }

  private static String text(InputStream archive, int bytes) throws IOException {
    byte[] text = archive.readNBytes(bytes);
    if (text.length < bytes) {
      throw new EOFException();
    }
    return new String(text, StandardCharsets.UTF_8);
  }

  /** Everything begins at a multiple of four. */
  private static long padding(long bytes) {
    return (4 - bytes % 4) % 4;
  }

  private static BuildFailure damaged(Path artifact, String why) {
    return new BuildFailure(
        ExitCode.INPUT, artifact + " is not a good initramfs (cpio.gz): " + why);
  }

  private record Header(int mode, long uid, long gid, long sizeBytes, int nameBytes) {
    static Header read(InputStream archive) throws IOException {
      String header = text(archive, HEADER_BYTES);
      if (!header.startsWith("070701")) {
        throw new IOException("an entry does not begin with the number of the format, 070701");
      }
      long nameBytes = field(header, 11);
      if (nameBytes < 2 || nameBytes > PATH_BYTES_MAX) {
        throw new IOException("a name has " + nameBytes + " bytes");
      }
      return new Header(
          (int) field(header, 1),
          field(header, 2),
          field(header, 3),
          field(header, 6),
          (int) nameBytes);
    }

    private static long field(String header, int number) throws IOException {
      int start = MAGIC_DIGITS + number * FIELD_DIGITS;
      String digits = header.substring(start, Math.min(start + FIELD_DIGITS, header.length()));
      if (!digits.matches("[0-9a-fA-F]{8}")) {
        throw new IOException("a header has something else than hexadecimal digits");
      }
      return Long.parseLong(digits, 16);
    }
  }
}
