package io.volant.fledge.oci;

import io.volant.fledge.report.BuildFailure;
import io.volant.fledge.report.ExitCode;
import io.volant.fledge.report.OneLine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The user's logins as docker and podman keep them: a file of names and passwords, or of programs
 * that know them. Read when a registry asks, not before.
 */
final class Logins {
  private static final long BYTES_MAX = 1024 * 1024;

  private final List<Path> files;

  Logins(List<Path> files) {
    this.files = List.copyOf(files);
  }

  /** Where docker and podman look, in the order in which they win. */
  static Logins ofHost(Map<String, String> environment) {
    List<Path> files = new ArrayList<>();
    add(files, environment.get("REGISTRY_AUTH_FILE"), "");
    add(files, environment.get("XDG_RUNTIME_DIR"), "containers/auth.json");
    add(files, environment.get("DOCKER_CONFIG"), "config.json");
    String home = environment.getOrDefault("HOME", System.getProperty("user.home"));
    add(files, home, ".config/containers/auth.json");
    if (environment.getOrDefault("DOCKER_CONFIG", "").isEmpty()) {
      add(files, home, ".docker/config.json");
    }
    return new Logins(files);
  }

  private static void add(List<Path> files, @Nullable String folder, String name) {
    if (folder != null && !folder.isEmpty()) {
      files.add(Path.of(folder).resolve(name));
    }
  }

  /** The login for the image; null: there is none. */
  @Nullable Login find(RegistryName name) throws BuildFailure {
    for (Path file : files) {
      if (Files.isRegularFile(file)) {
        Login login = find(read(file), name);
        if (login != null) {
          return login;
        }
      }
    }
    return null;
  }

  private static Fields read(Path file) throws BuildFailure {
    try {
      if (Files.size(file) > BYTES_MAX) {
        throw new BuildFailure(
            ExitCode.INPUT, "the login file " + file + " is larger than " + BYTES_MAX + " bytes");
      }
      return Fields.parse(Files.readAllBytes(file), "the login file " + file);
    } catch (IOException failure) {
      throw new BuildFailure(
          ExitCode.INPUT, OneLine.of("the login file " + file + " cannot be read: " + failure));
    }
  }

  private static @Nullable Login find(Fields file, RegistryName name) throws BuildFailure {
    String key = name.host().loginKey();
    Fields programs = file.object("credHelpers");
    String program = programs == null ? null : programs.text(name.registry());
    if (program != null) {
      return LoginProgram.ask(program, key);
    }
    Fields logins = file.object("auths");
    if (logins != null) {
      for (String candidate : candidates(name)) {
        Fields login = logins.object(candidate);
        Login found = login == null ? null : login(login);
        if (found != null) {
          return found;
        }
      }
    }
    String store = file.text("credsStore");
    return store == null || store.isEmpty() ? null : LoginProgram.ask(store, key);
  }

  /** From the narrowest to the widest: podman allows logins for parts of a registry. */
  private static List<String> candidates(RegistryName name) {
    List<String> keys = new ArrayList<>();
    String narrow = name.registry() + "/" + name.repository();
    while (narrow.contains("/")) {
      keys.add(narrow);
      narrow = narrow.substring(0, narrow.lastIndexOf('/'));
    }
    keys.add(name.registry());
    keys.add("https://" + name.registry());
    keys.add("https://" + name.registry() + "/v2/");
    keys.add("https://" + name.registry() + "/v1/");
    keys.add(name.host().loginKey());
    return keys;
  }

  private static @Nullable Login login(Fields fields) throws BuildFailure {
    String token = fields.text("identitytoken");
    if (token != null && !token.isEmpty()) {
      return new Login.IdentityToken(token);
    }
    String both = fields.text("auth");
    if (both == null || both.isEmpty()) {
      return null;
    }
    String plain;
    try {
      plain = new String(Base64.getDecoder().decode(both), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException notBase64) {
      throw fields.mistake("has an \"auth\" that is not base64; log in again");
    }
    int colon = plain.indexOf(':');
    if (colon < 0) {
      throw fields.mistake("has an \"auth\" without a colon; log in again");
    }
    // Old versions of docker padded with zeros.
    return new Login.Password(
        plain.substring(0, colon), plain.substring(colon + 1).replace("\0", ""));
  }
}
