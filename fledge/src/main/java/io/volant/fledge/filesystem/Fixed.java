package io.volant.fledge.filesystem;

/** What would be random in an image otherwise. It tells nothing, so all images may share it. */
final class Fixed {
  /** The UUID of every file system that fledge makes. */
  static final String UUID = "766f6c61-6e74-4578-8434-666c65646765";

  private Fixed() {}
}
