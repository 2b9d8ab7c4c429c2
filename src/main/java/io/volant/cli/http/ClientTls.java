package io.volant.cli.http;

import io.volant.pem.PemFiles;
import java.io.IOException;
import java.nio.file.Path;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * How an HTTPS daemon is trusted, and how it knows this client. All are PEM files.
 *
 * @param authority who vouches for the daemon; null: one of those that the JDK knows
 * @param certificate of this client, for a daemon that asks for one; null: none
 * @param key the private key of that certificate; null where there is none
 */
public record ClientTls(@Nullable Path authority, @Nullable Path certificate, @Nullable Path key) {

  /** The usual trust, and no certificate. */
  static final ClientTls USUAL = new ClientTls(null, null, null);

  /**
   * A client's side of TLS.
   *
   * @throws IOException with a line for people
   */
  SSLContext context() throws IOException {
    return PemFiles.client(authority, certificate, key);
  }
}
