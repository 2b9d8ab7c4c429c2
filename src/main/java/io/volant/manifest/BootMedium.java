package io.volant.manifest;

import org.jspecify.annotations.Nullable;

/** What the machine boots from. A manifest names exactly one. */
public sealed interface BootMedium permits Initramfs, Rootfs {
  /** An http or https URL, a {@code file:///} URL or an absolute path on the host. */
  String url();

  /**
   * SHA-256 in hexadecimal, perhaps with {@code sha256:} before it; absent means that nothing is
   * checked.
   */
  @Nullable String checksum();
}
