package io.volant.fledge.oci;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What machines an image is for, in the words of Go and so of OCI.
 *
 * @param system such as {@code linux}
 * @param architecture such as {@code amd64}
 * @param variant such as {@code v7}; null: the usual one
 */
record Platform(String system, String architecture, @Nullable String variant) {

  /** Linux on this machine's processor. */
  static Platform ofHost() {
    String name = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
    String architecture =
        switch (name) {
          case "x86_64" -> "amd64";
          case "aarch64" -> "arm64";
          default -> name; // amd64, riscv64, ppc64le, s390x are called the same
        };
    return new Platform("linux", architecture, null);
  }

  /**
   * Whether what is made for the other runs here. A variant beyond the first of its architecture
   * may need a newer processor than this one.
   */
  boolean runs(Platform other) {
    String wanted = other.variant;
    boolean usual =
        wanted == null
            || wanted.isEmpty()
            || (architecture.equals("arm64") && wanted.equals("v8"))
            || (architecture.equals("amd64") && wanted.equals("v1"))
            || wanted.equals(variant);
    return usual && system.equals(other.system) && architecture.equals(other.architecture);
  }

  /** {@code linux/arm/v7}. */
  @Override
  public String toString() {
    return system + "/" + architecture + (variant == null ? "" : "/" + variant);
  }
}
