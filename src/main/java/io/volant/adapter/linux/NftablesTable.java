package io.volant.adapter.linux;

import io.volant.network.Subnet;
import java.util.regex.Pattern;

/**
 * Our own nftables table, as input for {@code nft -f -}: one input is one transaction, so the rules
 * are never half there. The networks are elements of two sets; the rules never name one. That makes
 * each network's coming and going independent of all others, and repeatable.
 *
 * <p>What this cannot do: every table that hooks into forwarding has its say, and a drop in any of
 * them is final. Where the operator's (or Docker's) own table drops what is forwarded, it must let
 * our bridges through itself; an accept of ours does not undo it.
 *
 * <p>Guests reach each other, as containers do by default: on one bridge frames are switched and do
 * not pass here at all, and between two of our bridges the host routes them untranslated.
 *
 * @param name name of the table
 */
record NftablesTable(String name) {

  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,30}");

  /**
   * @throws IllegalArgumentException if the name is not one that nft takes without quotes
   */
  NftablesTable {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "\""
              + name
              + "\" is no name for a table: allowed are a-z, 0-9 and _, the first a letter");
    }
  }

  /** Makes the table and its rules anew and adds a network to it. */
  String withNetwork(NetworkDevice bridge, Subnet subnet) {
    return """
    add table ip %1$s
    add set ip %1$s bridges { type ifname; }
    add set ip %1$s subnets { type ipv4_addr; flags interval; }
    add chain ip %1$s postrouting { type nat hook postrouting priority srcnat; policy accept; }
    add chain ip %1$s forward { type filter hook forward priority filter; policy accept; }
    flush chain ip %1$s postrouting
    flush chain ip %1$s forward
    add rule ip %1$s postrouting ip saddr @subnets oifname != @bridges masquerade
    add rule ip %1$s forward iifname @bridges accept
    add rule ip %1$s forward oifname @bridges accept
    add element ip %1$s bridges { "%2$s" }
    add element ip %1$s subnets { %3$s }
    """
        .formatted(name, bridge.name(), subnet);
  }

  /** Takes a network out; the table stays for the others. */
  String withoutNetwork(NetworkDevice bridge, Subnet subnet) {
    // Added first, because deleting what is not there would fail the transaction.
    return withNetwork(bridge, subnet)
        + """
        delete element ip %1$s bridges { "%2$s" }
        delete element ip %1$s subnets { %3$s }
        """
            .formatted(name, bridge.name(), subnet);
  }

  /** Removes the table. */
  String removed() {
    return "add table ip %1$s\ndelete table ip %1$s\n".formatted(name);
  }
}
