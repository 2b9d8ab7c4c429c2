package io.volant.host;

import io.volant.model.Lease;
import io.volant.model.VmId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * New VMs between the request and their first event. Not stored: a daemon that dies here leaves at
 * most a registered name, which the next one finds to be nobody's and frees.
 */
final class Creations {

  /** More at once would only wait; who comes later is told so. */
  private static final int OPEN_MAX = 1_000;

  /** A new VM that has its id, and waits for its address or its first event. */
  record Open(CreationOrder order, Media media, @Nullable Lease lease) {}

  private final Set<String> names = new HashSet<>();
  private final Map<VmId, Open> open = new HashMap<>();
  private @Nullable CreationOrder registering;

  boolean isFull() {
    return names.size() >= OPEN_MAX;
  }

  boolean has(String name) {
    return names.contains(name);
  }

  /** The names of new VMs of a plugin. */
  Set<String> namesOf(String plugin) {
    Set<String> found = new HashSet<>();
    open.values().stream()
        .map(each -> each.order().command().request())
        .filter(request -> request.plugin().equals(plugin))
        .forEach(request -> found.add(request.name()));
    return found;
  }

  void begin(CreationOrder order) {
    names.add(order.name());
  }

  /** Its name is being stored. */
  void register(CreationOrder order) {
    registering = order;
  }

  /** What was being stored when the journal failed: it will not be. */
  Optional<CreationOrder> takeLost() {
    CreationOrder lost = registering;
    registering = null;
    return Optional.ofNullable(lost);
  }

  void registered(VmId vmId, CreationOrder order, Media media) {
    registering = null;
    open.put(vmId, new Open(order, media, null));
  }

  void leased(VmId vmId, Lease lease) {
    open.computeIfPresent(vmId, (_, was) -> new Open(was.order(), was.media(), lease));
  }

  Optional<Open> find(VmId vmId) {
    return Optional.ofNullable(open.get(vmId));
  }

  void end(CreationOrder order) {
    names.remove(order.name());
  }

  void end(VmId vmId) {
    Open over = open.remove(vmId);
    if (over != null) {
      end(over.order());
    }
  }
}
