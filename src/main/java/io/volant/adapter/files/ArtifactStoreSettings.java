package io.volant.adapter.files;

import java.nio.file.Path;
import java.time.Duration;

/**
 * Settings of the store of boot media.
 *
 * @param folder absolute path of the store, {@code VOLANT_HOME/artifacts}
 * @param bytesMax the largest artifact that is accepted
 * @param fetchesMax how many are fetched at once; more wait
 * @param connectTimeout how long a server may take to accept a connection, and to answer
 * @param stallTimeout how long a download may bring no byte before it is given up
 * @param redirectsMax how many redirects are followed
 */
public record ArtifactStoreSettings(
    Path folder,
    long bytesMax,
    int fetchesMax,
    Duration connectTimeout,
    Duration stallTimeout,
    int redirectsMax) {

  private static final long GIB = 1024L * 1024 * 1024;

  /** The defaults: 16 GiB, 4 fetches at once, 10 s to connect, 30 s without a byte, 5 redirects. */
  public static ArtifactStoreSettings of(Path folder) {
    return new ArtifactStoreSettings(
        folder, 16 * GIB, 4, Duration.ofSeconds(10), Duration.ofSeconds(30), 5);
  }
}
