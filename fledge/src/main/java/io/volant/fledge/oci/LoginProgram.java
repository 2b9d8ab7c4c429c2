package io.volant.fledge.oci;

import io.volant.fledge.report.BuildFailure;
import io.volant.fledge.report.ExitCode;
import io.volant.fledge.report.OneLine;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Asks a program {@code docker-credential-…} for a login. */
final class LoginProgram {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");
  private static final int ANSWER_BYTES_MAX = 256 * 1024;
  private static final int TIMEOUT_S = 30;
  private static final String TOKEN_USER = "<token>";

  private LoginProgram() {}

  /** What the program knows for the registry; null: nothing. */
  static @Nullable Login ask(String name, String registry) throws BuildFailure {
    if (!NAME.matcher(name).matches()) {
      throw failure("\"" + name + "\" in the login file is not the name of a program", "");
    }
    String program = "docker-credential-" + name;
    try {
      Process process =
          new ProcessBuilder(program, "get").redirectError(ProcessBuilder.Redirect.DISCARD).start();
      try {
        return answer(process, program, registry);
      } finally {
        process.destroyForcibly();
      }
    } catch (IOException failure) {
      throw failure(
          program + ", which the login file names for " + registry, " cannot be run: " + failure);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw failure(program, " was stopped");
    }
  }

  private static @Nullable Login answer(Process process, String program, String registry)
      throws IOException, InterruptedException, BuildFailure {
    try (OutputStream input = process.getOutputStream()) {
      input.write(registry.getBytes(StandardCharsets.UTF_8));
    }
    // A program that hangs is ended, and that ends the reading.
    process
        .toHandle()
        .onExit()
        .orTimeout(TIMEOUT_S, TimeUnit.SECONDS)
        .exceptionally(late -> {
          process.destroyForcibly();
          return process.toHandle();
        });
    byte[] bytes;
    try (InputStream output = process.getInputStream()) {
      bytes = output.readNBytes(ANSWER_BYTES_MAX);
    }
    if (!process.waitFor(TIMEOUT_S, TimeUnit.SECONDS)) {
      throw failure(program, " does not end");
    }
    if (process.exitValue() != 0) {
      return null; // also its answer when it has no login
    }
    Fields fields = Fields.parse(bytes, "the answer of " + program);
    String user = fields.requiredText("Username");
    String secret = fields.requiredText("Secret");
    return user.equals(TOKEN_USER)
        ? new Login.IdentityToken(secret)
        : new Login.Password(user, secret);
  }

  private static BuildFailure failure(String what, String why) {
    return new BuildFailure(ExitCode.INPUT, OneLine.of(what + why));
  }
}
