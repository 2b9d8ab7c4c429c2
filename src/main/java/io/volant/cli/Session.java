package io.volant.cli;

import io.volant.cli.http.ApiClient;
import io.volant.cli.http.ClientTls;
import io.volant.cli.http.Daemons;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one run of {@code volar} has at hand: its options, its surroundings, and the way to the
 * daemon.
 */
final class Session {
  private static final String UNIX = "unix:";

  private final GlobalOptions options = new GlobalOptions();
  private final Terminal terminal;
  private final Map<String, String> environment;
  private final Clock clock;
  private final Streams streams;

  /**
   * The bytes of a process, for commands whose input and output are no text of ours.
   *
   * @param in what is typed or piped in
   * @param out for results
   * @param err for errors
   */
  record Streams(InputStream in, OutputStream out, OutputStream err) {

    static Streams ofProcess() {
      return new Streams(
          new FileInputStream(FileDescriptor.in),
          new FileOutputStream(FileDescriptor.out),
          new FileOutputStream(FileDescriptor.err));
    }
  }

  Session(Terminal terminal, Map<String, String> environment, Clock clock) {
    this(terminal, environment, clock, Streams.ofProcess());
  }

  Session(Terminal terminal, Map<String, String> environment, Clock clock, Streams streams) {
    this.streams = streams;
    this.terminal = terminal;
    this.environment = environment;
    this.clock = clock;
  }

  GlobalOptions options() {
    return options;
  }

  Terminal terminal() {
    return terminal;
  }

  Streams streams() {
    return streams;
  }

  Map<String, String> environment() {
    return environment;
  }

  Clock clock() {
    return clock;
  }

  boolean wantsJson() {
    return options.output == OutputFormat.json;
  }

  boolean wantsNames() {
    return options.output == OutputFormat.name;
  }

  /** The client of the daemon that the options and the environment name, or of this machine's. */
  ApiClient api() throws CliFailure {
    String base = firstOf(options.api, "VOLANT_API_BASE", "");
    String given = firstOf(options.apiKey, "VOLANT_API_KEY", "");
    String key = given.isEmpty() ? null : given;
    if (base.isEmpty()) {
      return Daemons.here(environment, key);
    }
    if (base.startsWith(UNIX)) {
      return Daemons.behind(Path.of(base.substring(UNIX.length())).toAbsolutePath(), key);
    }
    return Daemons.securelyAt(uri(base), tls(), key);
  }

  private ClientTls tls() throws CliFailure {
    Path certificate = file("VOLANT_CLIENT_CERT");
    Path key = file("VOLANT_CLIENT_KEY");
    if ((certificate == null) != (key == null)) {
      throw new CliFailure(
          ExitCode.USAGE,
          "VOLANT_CLIENT_CERT and VOLANT_CLIENT_KEY go together: a certificate and its private key,"
              + " both in PEM");
    }
    return new ClientTls(file("VOLANT_CA_CERT"), certificate, key);
  }

  private @Nullable Path file(String variable) {
    String name = environment.getOrDefault(variable, "");
    return name.isEmpty() ? null : Path.of(name);
  }

  private String firstOf(@Nullable String option, String variable, String otherwise) {
    if (option != null) {
      return option;
    }
    String value = environment.getOrDefault(variable, "");
    return value.isEmpty() ? otherwise : value;
  }

  private static URI uri(String text) throws CliFailure {
    String full = text.contains("://") ? text : "http://" + text;
    while (full.endsWith("/")) {
      full = full.substring(0, full.length() - 1);
    }
    try {
      URI uri = new URI(full);
      boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      if (http
          && uri.getHost() != null
          && uri.getRawQuery() == null
          && uri.getRawFragment() == null) {
        return uri;
      }
    } catch (URISyntaxException malformed) {
      // Told below, together with what is allowed.
    }
    throw new CliFailure(
        ExitCode.USAGE,
        "'"
            + text
            + "' is not the address of a daemon; it looks like "
            + Daemons.DEFAULT
            + " or unix:/path/to/volantd.sock");
  }
}
