package io.volant.fledge;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/** Where busybox comes from. */
sealed interface BusyboxSource {
  /** The host's static busybox. */
  record Installed() implements BusyboxSource {}

  /**
   * A download. The checksum is SHA-256, 64 lower-case hexadecimal digits; without one the build
   * warns.
   */
  record Download(URI url, @Nullable String checksum) implements BusyboxSource {}
}
