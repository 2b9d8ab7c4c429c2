package io.volant.fledge.tree;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Checksums as manifests and recipes write them: 64 lower-case hexadecimal digits. */
public final class Sha256 {
  private Sha256() {}

  /** The checksum of the bytes. */
  public static String of(byte[] bytes) {
    return text(digest().digest(bytes));
  }

  /** A fresh digest to feed. */
  public static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java has SHA-256", impossible);
    }
  }

  /** A finished digest as text. */
  public static String text(byte[] sum) {
    return HexFormat.of().formatHex(sum);
  }
}
