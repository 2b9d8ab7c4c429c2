package io.volant.network;

/**
 * A network on this host.
 *
 * @param name ours for it
 * @param bridge the Linux bridge, at most 15 characters
 * @param subnet IPv4 network with prefix, {@code 192.168.127.0/24}
 * @param hostAddress the host's address on the bridge, inside the subnet
 */
public record NetworkSpec(String name, String bridge, String subnet, String hostAddress) {}
