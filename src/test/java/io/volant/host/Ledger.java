package io.volant.host;

import io.volant.journal.JournalEvent;
import io.volant.model.VmId;
import io.volant.network.NetworkEvent;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a journal's events add up to, by a reckoning that is not the actors' own. */
final class Ledger {

  private final Map<String, VmId> names = new TreeMap<>();
  private final Map<VmId, String> leases = new TreeMap<>();

  Ledger(List<JournalEvent> events) {
    Map<VmId, String> namesById = new TreeMap<>();
    for (JournalEvent event : events) {
      switch (event) {
        case HostEvent.VmRegistered registered -> {
          names.put(registered.vmName(), registered.vmId());
          namesById.put(registered.vmId(), registered.vmName());
        }
        case HostEvent.VmForgotten(_, var vmId) -> names.remove(namesById.remove(vmId));
        case NetworkEvent.Defined _ -> leases.clear();
        case NetworkEvent.AddressLent(_, var vmId, var address) -> leases.put(vmId, address);
        case NetworkEvent.AddressReturned(_, var vmId) -> leases.remove(vmId);
        default -> {} // another feature's
      }
    }
  }

  /** The names that are taken, and by whom. */
  Map<String, VmId> names() {
    return names;
  }

  /** The addresses that are lent, and to whom. */
  Map<VmId, String> leases() {
    return leases;
  }
}
