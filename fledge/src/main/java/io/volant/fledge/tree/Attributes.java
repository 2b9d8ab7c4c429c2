package io.volant.fledge.tree;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Who may do what with a file, and what else belongs to it.
 *
 * @param mode permission bits, set-user-id and sticky bits among them: 0 to 07777
 * @param uid the owner's number
 * @param gid the group's number
 * @param modifiedS when it was changed last, in seconds since 1970, UTC
 * @param extended extended attributes by name; each character of a value is one byte (ISO-8859-1)
 */
public record Attributes(
    int mode, int uid, int gid, long modifiedS, SortedMap<String, String> extended) {

  /** 1 January 1980, 00:00 UTC: the earliest that every archive format can hold. */
  public static final long FIXED_TIME_S = 315_532_800;

  private static final SortedMap<String, String> NONE =
      Collections.unmodifiableSortedMap(new TreeMap<>());

  /** Copies the map. */
  public Attributes {
    extended =
        extended.isEmpty() ? NONE : Collections.unmodifiableSortedMap(new TreeMap<>(extended));
  }

  /** What fledge itself puts into an image: owned by root, at one fixed time. */
  public static Attributes ofRoot(int mode) {
    return new Attributes(mode, 0, 0, FIXED_TIME_S, NONE);
  }

  /** The same with other extended attributes. */
  public Attributes withExtended(SortedMap<String, String> other) {
    return new Attributes(mode, uid, gid, modifiedS, other);
  }
}
