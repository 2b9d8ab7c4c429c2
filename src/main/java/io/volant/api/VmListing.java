package io.volant.api;

import io.volant.vm.Vm;
import io.volant.vm.VmConfig;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Finds the VMs that a query wants. Keeps what it sorted until something changes, since most lists
 * are asked for far more often than VMs change.
 */
final class VmListing {

  /** Bounds the memory for what was sorted. Dashboards ask for a handful of lists. */
  private static final int KEPT_MAX = 32;

  /** What is kept: an order, and of which states; none: of all. */
  private record Kind(VmQuery.Order order, Set<String> statuses) {}

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
  private final Map<Kind, Sorted> kept = new ConcurrentHashMap<>();

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
    List<Vm> sorted = sorted(new Kind(query.order(), query.statuses()));
    if (query.wantsAllOfItsStates()) {
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

  private List<Vm> sorted(Kind kind) {
    long now = version.getAsLong(); // before the copy: what changes meanwhile is seen next time
    Sorted known = kept.get(kind);
    if (known != null && known.version() == now) {
      return known.vms();
    }
    List<Vm> sorted =
        kind.statuses().isEmpty()
            ? all.get().stream().sorted(comparator(kind.order())).toList()
            : sorted(new Kind(kind.order(), Set.of())).stream()
                .filter(vm -> kind.statuses().contains(VmStatus.of(vm.phase()).text()))
                .toList();
    if (kept.size() >= KEPT_MAX) {
      kept.clear();
    }
    kept.put(kind, new Sorted(now, sorted));
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
    return query.runtime().map(plugin.runtime()::equals).orElse(true)
        && query.plugin().map(plugin.name()::equals).orElse(true)
        && query.text().map(text -> contains(vm, plugin.runtime(), text)).orElse(true);
  }

  private static boolean contains(Vm vm, String runtime, String text) {
    return vm.name().contains(text)
        || VmJson.ipAddress(vm).contains(text)
        || runtime.toLowerCase(Locale.ROOT).contains(text);
  }
}
