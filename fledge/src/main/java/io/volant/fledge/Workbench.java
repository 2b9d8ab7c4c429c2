package io.volant.fledge;

import java.nio.file.Path;

/**
 * What of the host a build uses. Tests put their own here.
 *
 * @param busybox where the host's static busybox is
 * @param kestrel finds the kestrel that was built with this fledge
 * @param downloads fetches what a recipe names by URL
 */
record Workbench(Path busybox, KestrelSearch kestrel, Downloads downloads) {
  /** This host: busybox where its package puts it. */
  static Workbench ofHost() {
    return new Workbench(Path.of("/bin/busybox"), KestrelSearch.ofHost(), new Downloads());
  }
}
