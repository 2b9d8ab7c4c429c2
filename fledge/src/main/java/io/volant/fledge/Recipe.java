package io.volant.fledge;

import java.util.List;

/**
 * What to build: an initramfs in the default mode, where kestrel is PID 1.
 *
 * @param agent where kestrel comes from
 * @param busybox where busybox comes from
 * @param mappings what is put into the image besides, in the order of the recipe
 */
record Recipe(AgentSource agent, BusyboxSource busybox, List<Mapping> mappings) {
  Recipe {
    mappings = List.copyOf(mappings);
  }
}
