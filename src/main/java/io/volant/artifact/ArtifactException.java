package io.volant.artifact;

/** Why an artifact could not be had. The message is for people, and names the URL. */
public final class ArtifactException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** What went wrong. */
  public enum Kind {
    /** The URL does not answer, or the file is not there. */
    UNAVAILABLE,
    /** It came, and is not what the checksum promises. */
    CHECKSUM_MISMATCH,
    /** It is larger than the store accepts. */
    TOO_LARGE,
    /** It came, and is not a disk image that this host attaches. */
    UNUSABLE
  }

  private final Kind kind;

  public ArtifactException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }
}
