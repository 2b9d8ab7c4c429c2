package io.volant.network;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An IPv4 network.
 *
 * @param base its first address as a number
 * @param prefix length of its prefix, 8 to 30
 */
public record Subnet(int base, int prefix) {

  private static final Pattern CIDR = Pattern.compile("([0-9.]{7,15})/([0-9]{1,2})");
  private static final Pattern ADDRESS =
      Pattern.compile("([0-9]{1,3})\\.([0-9]{1,3})\\.([0-9]{1,3})\\.([0-9]{1,3})");
  private static final int PREFIX_MIN = 8;
  private static final int PREFIX_MAX = 30;

  public Subnet {
    if (prefix < PREFIX_MIN || prefix > PREFIX_MAX) {
      throw new IllegalArgumentException(
          "the prefix of a subnet is " + PREFIX_MIN + " to " + PREFIX_MAX + ", not " + prefix);
    }
    if ((base & ~mask(prefix)) != 0) {
      throw new IllegalArgumentException(
          text(base)
              + "/"
              + prefix
              + " is not a network: write "
              + text(base & mask(prefix))
              + "/"
              + prefix);
    }
  }

  /**
   * Reads {@code 192.168.127.0/24}.
   *
   * @throws IllegalArgumentException with a message for people
   */
  public static Subnet parse(String cidr) {
    Matcher matcher = CIDR.matcher(cidr);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "\"" + cidr + "\" is not an IPv4 network such as 192.168.127.0/24");
    }
    return new Subnet(number(matcher.group(1)), Integer.parseInt(matcher.group(2)));
  }

  /** How many addresses it has, the first and the last among them. */
  public int size() {
    return 1 << (Integer.SIZE - prefix);
  }

  /** The address at a place, 0 to size-1. */
  public String address(int offset) {
    return text(base + offset);
  }

  /**
   * The place of an address.
   *
   * @throws IllegalArgumentException when it is not in this subnet, or no address
   */
  public int offset(String address) {
    int offset = number(address) - base;
    if (offset < 0 || offset >= size()) {
      throw new IllegalArgumentException(address + " is not in " + this);
    }
    return offset;
  }

  @Override
  public String toString() {
    return text(base) + "/" + prefix;
  }

  private static int mask(int prefix) {
    return -1 << (Integer.SIZE - prefix);
  }

  private static int number(String address) {
    Matcher matcher = ADDRESS.matcher(address);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("\"" + address + "\" is not an IPv4 address");
    }
    int number = 0;
    for (int group = 1; group <= 4; group++) {
      int part = Integer.parseInt(matcher.group(group));
      if (part > 255) {
        throw new IllegalArgumentException("\"" + address + "\" is not an IPv4 address");
      }
      number = (number << 8) | part;
    }
    return number;
  }

  private static String text(int number) {
    return String.format(
        Locale.ROOT,
        "%d.%d.%d.%d",
        (number >>> 24) & 0xff,
        (number >>> 16) & 0xff,
        (number >>> 8) & 0xff,
        number & 0xff);
  }
}
