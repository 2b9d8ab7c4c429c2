package io.volant.api;

import io.volant.vm.Vm;
import io.volant.vm.VmConfig;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Finds the VMs that a query wants. Keeps what it sorted until something changes, since most lists
 * are asked for far more often than VMs change.
 */
final class VmListing {

  /** VMs in an order, as they were at one version of the directory. */
  private record Sorted(long version, List<Vm> vms) {}

  /**
   * What a client gets.
   *
   * @param total how many match, whatever the limit and the offset
   */
  record Page(int total, List<Vm> vms) {}

  private final Supplier<Collection<Vm>> all;
  private final LongSupplier version;
  private final Map<VmQuery.Order, Sorted> kept = new ConcurrentHashMap<>();

  /**
   * A listing over VMs that change.
   *
   * @param version another number after every change
   */
  VmListing(Supplier<Collection<Vm>> all, LongSupplier version) {
    this.all = all;
    this.version = version;
  }

  Page page(VmQuery query) {
    List<Vm> sorted = sorted(query.order());
    if (query.isUnfiltered()) {
      int from = Math.min(query.offset(), sorted.size());
      int to = (int) Math.min((long) from + query.limit(), sorted.size());
      return new Page(sorted.size(), sorted.subList(from, to));
    }
    List<Vm> vms = new ArrayList<>();
    int total = 0;
    for (Vm vm : sorted) {
      if (matches(query, vm)) {
        if (total >= query.offset() && vms.size() < query.limit()) {
          vms.add(vm);
        }
        total++;
      }
    }
    return new Page(total, vms);
  }

  private List<Vm> sorted(VmQuery.Order order) {
    long now = version.getAsLong(); // before the copy: what changes meanwhile is seen next time
    Sorted known = kept.get(order);
    if (known != null && known.version() == now) {
      return known.vms();
    }
    Vm[] vms = all.get().toArray(Vm[]::new);
    Arrays.sort(vms, comparator(order));
    List<Vm> sorted = List.of(vms);
    kept.put(order, new Sorted(now, sorted));
    return sorted;
  }

  private static Comparator<Vm> comparator(VmQuery.Order order) {
    Comparator<Vm> by =
        switch (order.key()) {
          case CREATED_AT -> Comparator.comparing(vm -> vm.identity().createdAt());
          case UPDATED_AT -> Comparator.comparing(Vm::updatedAt);
          case NAME -> Comparator.comparing(Vm::name);
          case STATUS -> Comparator.comparing(vm -> VmStatus.of(vm.phase()).text());
          case RUNTIME -> Comparator.comparing(vm -> vm.config().config().plugin().runtime());
        };
    return (order.descending() ? by.reversed() : by).thenComparing(Vm::id);
  }

  private static boolean matches(VmQuery query, Vm vm) {
    VmConfig.PluginRef plugin = vm.config().config().plugin();
    return (query.statuses().isEmpty() || query.statuses().contains(VmStatus.of(vm.phase()).text()))
        && query.runtime().map(plugin.runtime()::equals).orElse(true)
        && query.plugin().map(plugin.name()::equals).orElse(true)
        && query.text().map(text -> contains(vm, plugin.runtime(), text)).orElse(true);
  }

  private static boolean contains(Vm vm, String runtime, String text) {
    return vm.name().contains(text)
        || VmJson.ipAddress(vm).contains(text)
        || runtime.toLowerCase(Locale.ROOT).contains(text);
  }
}
