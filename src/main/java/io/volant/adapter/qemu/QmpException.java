package io.volant.adapter.qemu;

import java.io.IOException;

/** QEMU's control socket refused, was silent, or spoke something else. */
final class QmpException extends IOException {

  private static final long serialVersionUID = 1L;

  QmpException(String message) {
    super(message);
  }
}
