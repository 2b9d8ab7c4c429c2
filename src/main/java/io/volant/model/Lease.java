package io.volant.model;

/**
 * An address that a network lent to a VM, with all that the guest needs to use it.
 *
 * @param ipAddress the guest's IPv4 address
 * @param prefix length of the subnet's prefix, 8 to 30
 * @param gateway the host's address on the bridge
 * @param mac the guest's MAC, lower case
 * @param bridge name of the bridge that the tap joins
 */
public record Lease(String ipAddress, int prefix, String gateway, String mac, String bridge) {}
