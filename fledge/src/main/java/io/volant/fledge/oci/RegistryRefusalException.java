package io.volant.fledge.oci;

import java.io.IOException;
import java.io.Serial;

/** A registry's answer that another attempt would not change. */
final class RegistryRefusalException extends IOException {
  @Serial private static final long serialVersionUID = 1L;

  /** With what is wrong. */
  RegistryRefusalException(String message) {
    super(message);
  }
}
