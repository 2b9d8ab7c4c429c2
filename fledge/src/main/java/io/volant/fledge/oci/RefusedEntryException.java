package io.volant.fledge.oci;

import java.io.Serial;

/** An entry of a layer that has no place in an image. */
final class RefusedEntryException extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  /** With what is wrong, to be read after the layer's name. */
  RefusedEntryException(String message) {
    super(message);
  }
}
