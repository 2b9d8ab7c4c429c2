package io.volant.fledge.oci.tar;

import java.io.IOException;
import java.io.Serial;

/** An archive that is not a tar, is cut off, or contradicts itself. */
public final class TarFormatException extends IOException {
  @Serial private static final long serialVersionUID = 1L;

  /** With what is wrong, to be read after the archive's name. */
  public TarFormatException(String message) {
    super(message);
  }
}
