package io.volant.fledge.oci;

import io.volant.fledge.report.BuildFailure;
import io.volant.fledge.report.ExitCode;
import io.volant.fledge.report.OneLine;

/** Where the parts of an image are, by digest: a registry or a folder. */
interface BlobStore {
  /**
   * A manifest or configuration, checked.
   *
   * @param most how many bytes it may have
   * @param where what it is, to be read before a mistake
   */
  byte[] document(Descriptor descriptor, int most, String where) throws BuildFailure;

  /** A layer as it comes, not checked. */
  LayerPlan layer(Descriptor descriptor, Digest diffId);

  /** The bytes, if they are what the descriptor says. */
  static byte[] checked(byte[] bytes, Descriptor descriptor, String where) throws BuildFailure {
    if (bytes.length != descriptor.sizeBytes()) {
      throw new BuildFailure(
          ExitCode.DOWNLOAD,
          OneLine.of(
              where + " has " + bytes.length + " bytes, expected " + descriptor.sizeBytes()));
    }
    return checked(bytes, descriptor.digest(), where);
  }

  /** The bytes, if they have the digest. */
  static byte[] checked(byte[] bytes, Digest expected, String where) throws BuildFailure {
    Digest found = Digest.of(bytes);
    if (!found.equals(expected)) {
      throw new BuildFailure(
          ExitCode.DOWNLOAD,
          OneLine.of(where + " has the digest " + found + ", expected " + expected));
    }
    return bytes;
  }
}
