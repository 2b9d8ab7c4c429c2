package io.volant.adapter.files;

import static io.volant.artifact.ArtifactException.Kind.TOO_LARGE;

import io.volant.artifact.ArtifactException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A file that is being received. It vanishes when it is closed, unless it was kept; it lies in the
 * store's own file system, so that keeping it is a rename.
 */
final class IncomingFile implements AutoCloseable {

  private static final int BUFFER_BYTES = 256 * 1024;

  private final Path path;
  private final FileChannel channel;

  private IncomingFile(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  static IncomingFile in(Path folder) throws IOException {
    Path path = Files.createTempFile(folder, "artifact", ".part");
    return new IncomingFile(path, FileChannel.open(path, StandardOpenOption.WRITE));
  }

  /**
   * Takes the whole stream.
   *
   * @param url what messages call it
   * @return sha256 of the content in hex
   * @throws ArtifactException if there are more than {@code bytesMax}
   */
  String receive(InputStream content, long bytesMax, String url) throws IOException {
    MessageDigest digest = sha256();
    byte[] buffer = new byte[BUFFER_BYTES];
    long total = 0;
    int count = content.read(buffer);
    while (count >= 0) {
      total += count;
      if (total > bytesMax) {
        throw tooLarge(url, bytesMax);
      }
      digest.update(buffer, 0, count);
      ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, count);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      count = content.read(buffer);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** Puts the file under its name, durably, and read-only. Returns its length. */
  long keepAs(Path target) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("r--r--r--"));
    channel.force(true);
    long sizeBytes = channel.size();
    Path folder = target.resolveSibling("");
    Files.createDirectories(folder);
    Files.move(path, target, StandardCopyOption.ATOMIC_MOVE);
    try (FileChannel entry = FileChannel.open(folder, StandardOpenOption.READ)) {
      // The name itself is on the disk only after its folder is synced.
      entry.force(true);
    }
    return sizeBytes;
  }

  @Override
  public void close() throws IOException {
    channel.close();
    Files.deleteIfExists(path);
  }

  static ArtifactException tooLarge(String url, long bytesMax) {
    return new ArtifactException(
        TOO_LARGE, url + " is larger than the " + bytesMax + " bytes that the store accepts");
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }
}
