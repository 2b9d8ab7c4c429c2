package io.volant.fledge.inspect;

import io.volant.fledge.report.BuildFailure;
import io.volant.fledge.report.ExitCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;

/** What an artifact is, told by its first bytes and not by its name. */
public enum ArtifactKind {
  INITRAMFS(0, "1f8b"),
  SQUASHFS(0, "68737173"),
  EROFS(1024, "e2e1f5e0"),
  EXT4(1024 + 0x38, "53ef"),
  XFS(0, "58465342"),
  BTRFS(64 * 1024 + 0x40, "5f42485266535f4d"),
  MANIFEST(0, "7b");

  private static final int LOOKED_AT_BYTES = 68 * 1024;

  private final int offset;
  private final String magic;

  ArtifactKind(int offset, String magic) {
    this.offset = offset;
    this.magic = magic;
  }

  /** Its name in JSON. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What the file is. */
  static ArtifactKind of(Path file) throws BuildFailure {
    byte[] start;
    try (InputStream input = Files.newInputStream(file)) {
      start = input.readNBytes(LOOKED_AT_BYTES);
    } catch (NoSuchFileException missing) {
      throw new BuildFailure(ExitCode.INPUT, file + ": there is no such file");
    } catch (IOException failure) {
      throw new BuildFailure(ExitCode.INPUT, file + " cannot be read: " + failure.getMessage());
    }
    for (ArtifactKind kind : values()) {
      byte[] there =
          Arrays.copyOfRange(
              start,
              Math.min(kind.offset, start.length),
              Math.min(kind.offset + kind.magic.length() / 2, start.length));
      if (HexFormat.of().formatHex(there).equals(kind.magic)) {
        return kind;
      }
    }
    if (new String(start, StandardCharsets.ISO_8859_1).isBlank()) {
      throw new BuildFailure(ExitCode.INPUT, file + " is empty, or begins with nothing but zeros");
    }
    throw new BuildFailure(
        ExitCode.INPUT,
        file
            + " is no artifact: neither an initramfs (cpio.gz), squashfs, erofs, ext4, xfs, btrfs nor"
            + " a manifest (JSON)");
  }
}
