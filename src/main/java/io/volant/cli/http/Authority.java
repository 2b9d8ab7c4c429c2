package io.volant.cli.http;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/** Trust in the authority of a PEM file, and in no other. */
final class Authority {

  private Authority() {}

  /** TLS that accepts daemons whose certificate goes back to one in the file. */
  static SSLSocketFactory trusting(Path pem) throws IOException {
    return context(pem).getSocketFactory();
  }

  /** The same for clients that take a context. */
  static SSLContext context(Path pem) throws IOException {
    try (InputStream in = Files.newInputStream(pem)) {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      int number = 0;
      for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        store.setCertificateEntry("authority-" + number++, each);
      }
      if (number == 0) {
        throw new IOException("VOLANT_CA_CERT: " + pem + " has no certificate");
      }
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (NoSuchFileException missing) {
      throw new IOException("VOLANT_CA_CERT: there is no file " + pem, missing);
    } catch (GeneralSecurityException broken) {
      throw new IOException("VOLANT_CA_CERT: " + pem + " is no certificate in PEM", broken);
    }
  }
}
