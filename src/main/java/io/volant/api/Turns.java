package io.volant.api;

import io.volant.model.VmId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Whose turn it is among VMs that can do the same: one after the other, for each name apart. */
final class Turns {

  private static final int NAMES_MAX = 1_000;

  private final Map<String, VmId> latest =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, VmId> eldest) {
          return size() > NAMES_MAX;
        }
      };

  /**
   * The next one.
   *
   * @param fit those that can do it, in order
   */
  synchronized Optional<VmId> next(String name, List<VmId> fit) {
    VmId before = latest.get(name);
    Optional<VmId> next =
        fit.stream()
            .filter(vm -> before == null || vm.compareTo(before) > 0)
            .findFirst()
            .or(() -> fit.stream().findFirst());
    next.ifPresent(vm -> latest.put(name, vm));
    return next;
  }
}
