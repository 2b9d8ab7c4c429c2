package io.volant.fledge.recipe;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/** Where busybox comes from. */
public sealed interface BusyboxSource {
  /** The host's static busybox. */
  record Installed() implements BusyboxSource {}

  /**
   * A download. The checksum is SHA-256, 64 lower-case hexadecimal digits; without one the build
   * warns.
   */
  record Download(URI url, @Nullable String checksum) implements BusyboxSource {}
}
