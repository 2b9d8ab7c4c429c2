package io.volant.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * The id of a virtual machine: never used twice, also after a delete. The upper bits are the number
 * of the host that created it, the lower 32 its place in that host's sequence, so ids of a fleet do
 * not collide, and stay below 2^53, which JavaScript clients can hold.
 *
 * @param value 1 or more
 */
public record VmId(@JsonValue long value) implements Comparable<VmId> {

  private static final long VALUE_MAX = (1L << 53) - 1;

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public VmId {
    if (value < 1 || value > VALUE_MAX) {
      throw new IllegalArgumentException("a VM id is 1 to " + VALUE_MAX + ", not " + value);
    }
  }

  /** The id that a host gives its {@code sequence}-th VM (host 0 to 2^21-1, sequence from 1). */
  public static VmId of(int hostNumber, long sequence) {
    return new VmId(((long) hostNumber << 32) | sequence);
  }

  /**
   * The name of this VM's tap: "vt" and the id in base 36, at most 13 of the 15 characters that
   * Linux allows. Derived, so that a tap can be recognised and released by the id alone.
   */
  public String tapName() {
    return "vt" + Long.toString(value, 36);
  }

  /** A locally administered MAC, derived from the id: stable over starts, unique on a bridge. */
  public String macAddress() {
    return String.format(
        "02:%02x:%02x:%02x:%02x:%02x",
        (value >> 32) & 0xff,
        (value >> 24) & 0xff,
        (value >> 16) & 0xff,
        (value >> 8) & 0xff,
        value & 0xff);
  }

  @Override
  public int compareTo(VmId other) {
    return Long.compare(value, other.value);
  }

  @Override
  public String toString() {
    return Long.toString(value);
  }
}
