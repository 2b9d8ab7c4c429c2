package io.volant.adapter.linux;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An IPv4 network.
 *
 * @param address the network's address, host bits 0
 * @param prefix 8 to 30
 */
record Subnet(int address, int prefix) {

  private static final Pattern ADDRESS =
      Pattern.compile("(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})");
  private static final int PREFIX_MIN = 8;
  private static final int PREFIX_MAX = 30;

  /**
   * Reads {@code 192.168.127.0/24}.
   *
   * @throws IllegalArgumentException if it is not a network, with what is allowed
   */
  static Subnet parse(String text) {
    int slash = text.indexOf('/');
    int prefix = slash < 0 ? -1 : prefixOf(text.substring(slash + 1));
    if (prefix < PREFIX_MIN || prefix > PREFIX_MAX) {
      throw new IllegalArgumentException(
          "\""
              + text
              + "\" is no subnet: allowed is an IPv4 network with a prefix of 8 to 30,"
              + " like 192.168.127.0/24");
    }
    int address = parseAddress(text.substring(0, slash));
    return new Subnet(address & mask(prefix), prefix);
  }

  /**
   * Reads an IPv4 address.
   *
   * @throws IllegalArgumentException if it is none
   */
  static int parseAddress(String text) {
    Matcher matcher = ADDRESS.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("\"" + text + "\" is no IPv4 address");
    }
    int address = 0;
    for (int group = 1; group <= 4; group++) {
      int octet = Integer.parseInt(matcher.group(group));
      if (octet > 255) {
        throw new IllegalArgumentException("\"" + text + "\" is no IPv4 address");
      }
      address = address << 8 | octet;
    }
    return address;
  }

  boolean contains(int other) {
    return (other & mask(prefix)) == address;
  }

  @Override
  public String toString() {
    return (address >>> 24)
        + "."
        + (address >>> 16 & 255)
        + "."
        + (address >>> 8 & 255)
        + "."
        + (address & 255)
        + "/"
        + prefix;
  }

  private static int prefixOf(String text) {
    return text.matches("\\d{1,2}") ? Integer.parseInt(text) : -1;
  }

  private static int mask(int prefix) {
    return -1 << (32 - prefix);
  }
}
