package io.volant.network;

import io.volant.model.VmId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;

/**
 * Which address of a subnet is lent to whom. Pure and immutable. A VM gets the address that it had
 * before, unless somebody else has it by now; a stranger gets one that was never lent while there
 * is one, so that an address changes hands as late as can be.
 *
 * @param subnet the addresses
 * @param reserved the place of the host's own address
 * @param holders place to VM, of what is lent
 * @param places VM to place, of what is lent
 * @param former VM to the place that it had last
 * @param formerOf place to the VM that had it last
 * @param cursor where the search for a never lent place goes on
 */
record AddressPool(
    Subnet subnet,
    int reserved,
    PMap<Integer, VmId> holders,
    PMap<VmId, Integer> places,
    PMap<VmId, Integer> former,
    PMap<Integer, VmId> formerOf,
    int cursor) {

  static AddressPool of(Subnet subnet, String hostAddress) {
    return new AddressPool(
        subnet,
        subnet.offset(hostAddress),
        HashTreePMap.empty(),
        HashTreePMap.empty(),
        HashTreePMap.empty(),
        HashTreePMap.empty(),
        1);
  }

  /** The address that a VM holds. */
  Optional<String> heldBy(VmId vmId) {
    return Optional.ofNullable(places.get(vmId)).map(subnet::address);
  }

  /** The address that a VM would get now; empty when all are lent. */
  Optional<String> offer(VmId vmId) {
    Integer held = places.get(vmId);
    if (held != null) {
      return Optional.of(subnet.address(held));
    }
    Integer before = former.get(vmId);
    if (before != null && !holders.containsKey(before)) {
      return Optional.of(subnet.address(before));
    }
    @Nullable Integer free = free();
    return free == null ? Optional.empty() : Optional.of(subnet.address(free));
  }

  /** The pool after {@code address} was lent to {@code vmId}. */
  AddressPool lent(VmId vmId, String address) {
    int place = subnet.offset(address);
    VmId holder = holders.get(place);
    if (holder != null && !holder.equals(vmId)) {
      throw new IllegalStateException(address + " is lent to VM " + holder + " already");
    }
    VmId stranger = formerOf.get(place);
    PMap<VmId, Integer> formerNow =
        stranger == null || stranger.equals(vmId) ? former : former.minus(stranger);
    return new AddressPool(
        subnet,
        reserved,
        holders.plus(place, vmId),
        places.plus(vmId, place),
        formerNow.plus(vmId, place),
        formerOf.plus(place, vmId),
        Math.max(cursor, place + 1));
  }

  /** The pool after a VM gave its address back. */
  AddressPool returned(VmId vmId) {
    Integer place = places.get(vmId);
    if (place == null) {
      return this;
    }
    return new AddressPool(
        subnet, reserved, holders.minus(place), places.minus(vmId), former, formerOf, cursor);
  }

  /** Whether nobody holds an address. */
  boolean isIdle() {
    return holders.isEmpty();
  }

  private @Nullable Integer free() {
    int last = subnet.size() - 2; // the last address is the broadcast
    for (int place = cursor; place <= last; place++) {
      if (isFree(place)) {
        return place;
      }
    }
    for (int place = 1; place < Math.min(cursor, last + 1); place++) {
      if (isFree(place)) {
        return place;
      }
    }
    return null;
  }

  private boolean isFree(int place) {
    return place != reserved && !holders.containsKey(place);
  }
}
