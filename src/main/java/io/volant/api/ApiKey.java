package io.volant.api;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A key that lets its holder in. What is kept is its SHA-256 only: who reads the configuration
 * cannot call the API. A plain hash is right here, and a slow one would be wrong: the keys that
 * {@code --new-api-key} makes have 256 bits of chance, so there is nothing to guess, and the hash
 * is computed for every call.
 *
 * @param name becomes the principal of the calls
 * @param role what its holder may do
 * @param sha256 of the key in UTF-8, 64 hexadecimal digits in lower case
 */
public record ApiKey(String name, Role role, String sha256) {

  /** Letters, digits, dot, underscore and hyphen; 1 to 63. */
  public static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");

  public static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");

  /** Principals that are not keys; a key with such a name would blur who did what. */
  public static final Set<String> RESERVED = Set.of("system", "local");

  /** The name of the one key that the original knows. */
  public static final String SINGLE = "api-key";

  private static final String MARK = "volant_";
  private static final int CHANCE_BYTES = 32;

  /** The entry for a key in clear. */
  public static ApiKey of(String name, Role role, String key) {
    return new ApiKey(name, role, HexFormat.of().formatHex(hash(key)));
  }

  /** A new key in clear, from the system's source of chance. */
  public static String random() {
    byte[] chance = new byte[CHANCE_BYTES];
    new SecureRandom().nextBytes(chance);
    return MARK + Base64.getUrlEncoder().withoutPadding().encodeToString(chance);
  }

  /** The line of configuration that lets a holder of this key in. */
  public String configLine() {
    return "volant.api.keys += { name = \"%s\", role = %s, sha256 = \"%s\" }"
        .formatted(name, role.text(), sha256);
  }

  /** Whether a shown key, hashed, is this one. Takes the same time wherever they differ. */
  boolean isOf(byte[] shownHash) {
    return MessageDigest.isEqual(HexFormat.of().parseHex(sha256), shownHash);
  }

  static byte[] hash(String key) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException impossible) { // every JDK has it
      throw new IllegalStateException(impossible);
    }
  }
}
