package io.volant.pem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PemFilesTest {

  @TempDir private static Path folder;

  @BeforeAll
  static void make() throws Exception {
    Certificates.make(folder, "ours");
    Certificates.make(folder, "theirs");
    Certificates.openssl(folder, List.of("ec", "-in", "ours.key", "-out", "old-form.key"));
    Files.writeString(folder.resolve("nonsense"), "nothing of the kind");
  }

  private static Path file(String name) {
    return folder.resolve(name);
  }

  @Test
  void a_certificate_and_its_key_make_a_server() throws IOException {
    assertThat(PemFiles.server(file("ours.pem"), file("ours.key"), file("theirs.pem"))).isNotNull();
  }

  @Test
  void rsa_and_ed25519_are_known_as_well() throws Exception {
    Certificates.openssl(
        folder,
        List.of(
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-subj",
            "/CN=rsa",
            "-keyout",
            "rsa.key",
            "-out",
            "rsa.pem"));
    Certificates.openssl(
        folder,
        List.of(
            "req", "-x509", "-newkey", "ed25519", "-nodes", "-subj", "/CN=ed", "-keyout", "ed.key",
            "-out", "ed.pem"));
    assertThat(PemFiles.server(file("rsa.pem"), file("rsa.key"), null)).isNotNull();
    assertThat(PemFiles.server(file("ed.pem"), file("ed.key"), null)).isNotNull();
    complains("rsa.pem", "ed.key", "ed.key is not the key of");
  }

  @Test
  void what_is_wrong_is_one_line_with_the_files_name() {
    complains("ours.pem", "theirs.key", "theirs.key is not the key of");
    complains("ours.pem", "missing", "there is no file " + file("missing"));
    complains("missing", "ours.key", "there is no file " + file("missing"));
    complains("nonsense", "ours.key", "nonsense is not a certificate in PEM");
    complains("ours.pem", "nonsense", "nonsense has no private key in PEM");
    complains("ours.pem", "old-form.key", "openssl pkcs8 -topk8 -nocrypt");
    complains("ours.pem", ".", "cannot be read");
  }

  private static void complains(String certificate, String key, String expected) {
    assertThatThrownBy(() -> PemFiles.server(file(certificate), file(key), null))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(expected)
        .message()
        .hasLineCount(1);
  }
}
