package io.volant.pem;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** TLS from PEM files. Every complaint is one line that names the file and what would be right. */
public final class PemFiles {

  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]*)-----END \\1-----");
  private static final String PKCS_8 = "PRIVATE KEY";
  private static final char[] NO_PASSWORD = {};
  private static final byte[] PROBE = "volant".getBytes(StandardCharsets.UTF_8);

  private PemFiles() {}

  /**
   * The TLS of a server.
   *
   * @param certificate the server's certificate, then those between it and its authority
   * @param key its private key, PKCS#8 and not encrypted
   * @param clientCa authorities for clients' certificates; null: none are asked for
   * @throws IOException with a line for people
   */
  public static SSLContext server(Path certificate, Path key, @Nullable Path clientCa)
      throws IOException {
    return context(keys(certificate, key), clientCa, certificate + " and " + key);
  }

  /**
   * The TLS of a client.
   *
   * @param authority who may vouch for servers; null: the authorities that the JDK knows
   * @param certificate the client's certificate, then those between it and its authority; null:
   *     none
   * @param key its private key, as a server's; null where there is no certificate
   * @throws IOException with a line for people
   */
  public static SSLContext client(
      @Nullable Path authority, @Nullable Path certificate, @Nullable Path key) throws IOException {
    KeyManager @Nullable [] keys =
        certificate == null || key == null ? null : keys(certificate, key);
    return context(keys, authority, authority + " and " + certificate);
  }

  private static SSLContext context(
      KeyManager @Nullable [] keys, @Nullable Path authorities, String files) throws IOException {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys, trust(authorities), null);
      return context;
    } catch (GeneralSecurityException failure) {
      throw unusable(files, failure);
    }
  }

  private static KeyManager[] keys(Path certificate, Path key) throws IOException {
    List<Certificate> chain = certificates(certificate);
    PrivateKey secret = privateKey(key, chain.getFirst().getPublicKey(), certificate);
    try {
      KeyStore store = empty();
      store.setKeyEntry("own", secret, NO_PASSWORD, chain.toArray(Certificate[]::new));
      KeyManagerFactory keys =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(store, NO_PASSWORD);
      return keys.getKeyManagers();
    } catch (GeneralSecurityException failure) {
      throw unusable(certificate + " and " + key, failure);
    }
  }

  private static IOException unusable(String files, GeneralSecurityException failure) {
    return new IOException(files + " cannot be used: " + failure.getMessage(), failure);
  }

  private static TrustManager @Nullable [] trust(@Nullable Path file)
      throws IOException, GeneralSecurityException {
    if (file == null) {
      return null;
    }
    KeyStore store = empty();
    int number = 0;
    for (Certificate authority : certificates(file)) {
      store.setCertificateEntry("authority-" + number++, authority);
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    return trust.getTrustManagers();
  }

  private static KeyStore empty() throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }

  private static List<Certificate> certificates(Path file) throws IOException {
    byte[] pem = read(file);
    try {
      Collection<? extends Certificate> found =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(pem));
      if (found.isEmpty()) {
        throw new IOException(file + " has no certificate; it must begin with one, in PEM");
      }
      return List.copyOf(found);
    } catch (CertificateException broken) {
      throw new IOException(file + " is not a certificate in PEM: " + line(broken), broken);
    }
  }

  private static PrivateKey privateKey(Path file, PublicKey partner, Path certificate)
      throws IOException {
    Matcher block = BLOCK.matcher(new String(read(file), StandardCharsets.US_ASCII));
    while (block.find()) {
      String kind = block.group(1);
      if (kind.equals(PKCS_8)) {
        return matching(file, decoded(file, block.group(2)), partner, certificate);
      }
      if (kind.endsWith(PKCS_8)) {
        throw new IOException(
            file
                + " has a \""
                + kind
                + "\"; it must be a plain \"PRIVATE KEY\" (PKCS#8): openssl pkcs8 -topk8 -nocrypt"
                + " -in "
                + file
                + " -out new.pem");
      }
    }
    throw new IOException(file + " has no private key in PEM");
  }

  private static byte[] decoded(Path file, String base64) throws IOException {
    try {
      return Base64.getMimeDecoder().decode(base64);
    } catch (IllegalArgumentException broken) {
      throw new IOException(file + " has a private key that is not Base64", broken);
    }
  }

  /** The key, if what it signs the certificate's public key accepts. */
  private static PrivateKey matching(Path file, byte[] pkcs8, PublicKey partner, Path certificate)
      throws IOException {
    String mismatch = file + " is not the key of " + certificate;
    try {
      PrivateKey key =
          KeyFactory.getInstance(partner.getAlgorithm())
              .generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
      Signature signature = Signature.getInstance(signatureOf(partner));
      signature.initSign(key);
      signature.update(PROBE);
      byte[] signed = signature.sign();
      signature.initVerify(partner);
      signature.update(PROBE);
      if (!signature.verify(signed)) {
        throw new IOException(mismatch);
      }
      return key;
    } catch (GeneralSecurityException failure) {
      throw new IOException(
          mismatch + ", or is of no kind that is known: " + line(failure), failure);
    }
  }

  private static String signatureOf(PublicKey key) {
    return switch (key.getAlgorithm()) {
      case "RSA" -> "SHA256withRSA";
      case "EC" -> "SHA256withECDSA";
      default -> key.getAlgorithm(); // Ed25519 and its like are both
    };
  }

  private static byte[] read(Path file) throws IOException {
    try {
      return Files.readAllBytes(file);
    } catch (NoSuchFileException missing) {
      throw new IOException("there is no file " + file, missing);
    } catch (AccessDeniedException denied) {
      throw new IOException(file + " may not be read by this user", denied);
    } catch (IOException failure) {
      throw new IOException(file + " cannot be read: " + failure.getMessage(), failure);
    }
  }

  private static String line(Exception failure) {
    return String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
  }
}
