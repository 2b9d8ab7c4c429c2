package io.volant.adapter.guestlink;

/** The guest sent what the protocol does not allow. The link is closed for a penalty. */
final class BrokenRules extends RuntimeException {

  private static final long serialVersionUID = 1L;

  BrokenRules(String message) {
    // Without a stack: a hostile guest must not be able to make the host work.
    super(Refusal.printable(message), null, false, false);
  }
}
