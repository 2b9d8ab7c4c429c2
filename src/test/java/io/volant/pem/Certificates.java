package io.volant.pem;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Certificates as an operator makes them: with openssl. */
public final class Certificates {

  private Certificates() {}

  /**
   * A self-signed certificate for 127.0.0.1 and its key: {@code NAME.pem} and {@code NAME.key} in
   * {@code folder}.
   */
  public static void make(Path folder, String name) throws IOException, InterruptedException {
    openssl(
        folder,
        List.of(
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
            "-nodes",
            "-days",
            "2",
            "-subj",
            "/CN=" + name,
            "-addext",
            "subjectAltName=IP:127.0.0.1",
            "-keyout",
            name + ".key",
            "-out",
            name + ".pem"));
  }

  /** Runs openssl in a folder. */
  public static void openssl(Path folder, List<String> words)
      throws IOException, InterruptedException {
    List<String> command = new java.util.ArrayList<>(List.of("openssl"));
    command.addAll(words);
    Path log = folder.resolve("openssl.log");
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(log)).isZero();
  }
}
