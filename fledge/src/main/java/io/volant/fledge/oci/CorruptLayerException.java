package io.volant.fledge.oci;

import java.io.IOException;
import java.io.Serial;

/** A layer whose bytes cannot be decompressed. */
final class CorruptLayerException extends IOException {
  @Serial private static final long serialVersionUID = 1L;

  /** With what is wrong, to be read after the layer's name. */
  CorruptLayerException(String message) {
    super(message);
  }
}
