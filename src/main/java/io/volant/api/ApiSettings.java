package io.volant.api;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the API is served.
 *
 * @param listen where
 * @param access to whom
 * @param limits how much at most
 * @param patience how long at most
 * @param identity what the daemon says about itself
 * @param doors where else than at {@code listen}
 * @param mcpWrites whether tools of the Model Context Protocol may change something
 */
public record ApiSettings(
    Listen listen,
    Access access,
    Limits limits,
    Patience patience,
    Identity identity,
    Doors doors,
    boolean mcpWrites) {

  /** Settings with which no model changes anything. */
  public ApiSettings(
      Listen listen,
      Access access,
      Limits limits,
      Patience patience,
      Identity identity,
      Doors doors) {
    this(listen, access, limits, patience, identity, doors, false);
  }

  /**
   * Where the API is served.
   *
   * @param host name or address of the interface
   * @param port 0 to 65535; 0: any free one
   * @param advertiseAddress {@code host:port} that others reach it by; null: the listener's
   */
  public record Listen(String host, int port, @Nullable String advertiseAddress) {}

  /**
   * Who may use the API.
   *
   * @param keys one of which every call must carry; none: none is asked for
   * @param allowedCidrs networks or addresses that calls may come from; empty: from everywhere
   * @param corsOrigins origins whose pages may use it from a browser, such as {@code
   *     https://ui.example}; {@code *}: all
   */
  public record Access(List<ApiKey> keys, List<String> allowedCidrs, List<String> corsOrigins) {
    public Access {
      keys = List.copyOf(keys);
      allowedCidrs = List.copyOf(allowedCidrs);
      corsOrigins = List.copyOf(corsOrigins);
    }
  }

  /**
   * What clients may use up.
   *
   * @param bodyBytesMax largest body of a request, where it is not for a workload
   * @param connectionsMax connections at a time, for each way in
   * @param head of a request
   * @param rate of one client's calls
   * @param loggedVmsMax how many VMs' lines are followed for the event stream
   */
  public record Limits(
      long bodyBytesMax, int connectionsMax, Head head, Rate rate, int loggedVmsMax) {}

  /**
   * The head of a request.
   *
   * @param headersMax how many headers it may have
   * @param headerBytesMax how long the value of one may be
   */
  public record Head(int headersMax, int headerBytesMax) {}

  /**
   * How often one client may call: by its key, or without one by its address.
   *
   * @param perSecond calls a second in the long run; 0: as often as it likes
   * @param burst calls at once
   */
  public record Rate(int perSecond, int burst) {}

  /**
   * Other ways in.
   *
   * @param tls HTTPS; null: none
   * @param socket a unix socket; null: none
   */
  public record Doors(@Nullable Tls tls, @Nullable LocalSocket socket) {

    /** None. */
    public static Doors none() {
      return new Doors(null, null);
    }
  }

  /**
   * HTTPS.
   *
   * @param listen where
   * @param certificate the daemon's certificate, then those between it and its authority, PEM
   * @param key the private key of the certificate, PKCS#8 in PEM
   * @param clientCa authorities whose certificates clients must show, PEM; null: they need none
   */
  public record Tls(Listen listen, Path certificate, Path key, @Nullable Path clientCa) {}

  /**
   * A unix socket: root and the daemon's user need no key there.
   *
   * @param path of the socket
   * @param group whose members may connect too, with a key; null: nobody else
   */
  public record LocalSocket(Path path, @Nullable String group) {}

  /**
   * How long things may take.
   *
   * @param ask for the host to answer what needs no work
   * @param work for the host to answer what does: fetching an artifact, ending a VM
   * @param agentAnswer for a workload to begin its answer
   * @param heartbeat between two signs of life on an event stream, at most 15 s
   * @param slowClient for a client of an event stream to take what is sent to it
   * @param idle for a connection without traffic; longer than {@code work} and any wait
   * @param shutdown for open calls to end when the daemon stops
   * @param accepted for a change; one that takes longer is answered with 202
   * @param head for a client to send the head of its first request
   * @param keepAlive for a client to send the head of the next one
   */
  public record Patience(
      Duration ask,
      Duration work,
      Duration agentAnswer,
      Duration heartbeat,
      Duration slowClient,
      Duration idle,
      Duration shutdown,
      Duration accepted,
      Duration head,
      Duration keepAlive) {

    /** What fits most. */
    public static Patience usual() {
      return new Patience(
          Duration.ofSeconds(10),
          Duration.ofMinutes(10),
          Duration.ofSeconds(30),
          Duration.ofSeconds(10),
          Duration.ofSeconds(30),
          Duration.ofMinutes(11),
          Duration.ofSeconds(3),
          Duration.ofSeconds(5),
          Duration.ofSeconds(10),
          Duration.ofSeconds(75));
    }
  }

  /**
   * What the daemon says about itself.
   *
   * @param hostName the host that VMs are on
   * @param hostIp its address on the VMs' bridge; empty where there is none
   * @param version of the daemon
   */
  public record Identity(String hostName, String hostIp, String version) {}
}
