package io.volant.cli.http;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Clients of daemons, by where those are. */
public final class Daemons {

  /** Where a daemon is that nobody has said anything about. */
  public static final URI DEFAULT = URI.create("http://127.0.0.1:7777");

  private static final String SOCKET = "volantd.sock";

  private Daemons() {}

  /**
   * The daemon with an address.
   *
   * @param base scheme ({@code http} or {@code https}), host, port and perhaps a path in front of
   *     the API's, without a slash at its end
   * @param tls for an HTTPS daemon
   */
  public static ApiClient securelyAt(URI base, ClientTls tls, @Nullable String apiKey) {
    return new ApiClient(new UrlWire(base, tls), apiKey);
  }

  /** The same with the certificate of an authority, or the usual ones, and none of this client. */
  public static ApiClient at(URI base, @Nullable Path authority, @Nullable String apiKey) {
    return securelyAt(base, new ClientTls(authority, null, null), apiKey);
  }

  /** The daemon behind a unix socket. */
  public static ApiClient behind(Path socket, @Nullable String apiKey) {
    return new ApiClient(new SocketWire(socket), apiKey);
  }

  /**
   * This machine's daemon: behind its socket where that can be used, else at the default address.
   */
  public static ApiClient here(Map<String, String> environment, @Nullable String apiKey) {
    List<Wire> wires = new ArrayList<>();
    for (Path socket : sockets(environment)) {
      if (Files.isWritable(socket)) {
        wires.add(new SocketWire(socket));
      }
    }
    UrlWire tcp = new UrlWire(DEFAULT, ClientTls.USUAL);
    if (wires.isEmpty()) {
      return new ApiClient(tcp, apiKey);
    }
    wires.add(tcp);
    return new ApiClient(new FirstWire(wires), apiKey);
  }

  /** Where the daemon's home, and so its socket, may be: named, one's own, the machine's. */
  private static List<Path> sockets(Map<String, String> environment) {
    Optional<Path> home = namedHome(environment);
    if (home.isPresent()) {
      return List.of(home.get().resolve(SOCKET));
    }
    String user = environment.getOrDefault("HOME", "");
    Path machine = Path.of("/var/lib/volant", SOCKET);
    return user.isEmpty() ? List.of(machine) : List.of(Path.of(user, ".volant", SOCKET), machine);
  }

  /** The daemon's home, if the environment names it; the original's variable counts too. */
  public static Optional<Path> namedHome(Map<String, String> environment) {
    String home =
        environment.getOrDefault("VOLANT_HOME", environment.getOrDefault("VOLANT_RUNTIME_DIR", ""));
    return home.isEmpty() ? Optional.empty() : Optional.of(Path.of(home));
  }
}
