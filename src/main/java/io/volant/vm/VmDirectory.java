package io.volant.vm;

import io.volant.model.VmId;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The present state of every VM on this host, for reading at the HTTP edge without asking a
 * thousand actors. Each actor puts its state here after an event was stored and before it answers,
 * so a client reads what it wrote. Nothing is decided by this copy; the journal is the truth.
 */
public final class VmDirectory {

  private final ConcurrentHashMap<VmId, Vm> byId = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<String, VmId> byName = new ConcurrentHashMap<>();
  private final AtomicLong changes = new AtomicLong();

  /** The VM with this name, if it exists. */
  public Optional<Vm> find(String name) {
    VmId id = byName.get(name);
    return id == null ? Optional.empty() : Optional.ofNullable(byId.get(id));
  }

  /** All VMs, in no order, as they are while one looks. */
  public Collection<Vm> all() {
    return byId.values();
  }

  /** A number that is another one after every change: what was sorted before is good until then. */
  public long version() {
    return changes.get();
  }

  void put(Vm vm) {
    byId.put(vm.id(), vm);
    byName.put(vm.name(), vm.id());
    changes.incrementAndGet();
  }

  void remove(Vm vm) {
    byId.remove(vm.id());
    byName.remove(vm.name(), vm.id());
    changes.incrementAndGet();
  }
}
