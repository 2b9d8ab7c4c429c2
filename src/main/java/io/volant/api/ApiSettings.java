package io.volant.api;

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
 */
public record ApiSettings(
    Listen listen, Access access, Limits limits, Patience patience, Identity identity) {

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
   * @param apiKey the key that every call must carry; null: none is asked for
   * @param allowedCidrs networks or addresses that calls may come from; empty: from everywhere
   * @param corsOrigins origins whose pages may use it from a browser, such as {@code
   *     https://ui.example}; {@code *}: all
   */
  public record Access(
      @Nullable String apiKey, List<String> allowedCidrs, List<String> corsOrigins) {
    public Access {
      allowedCidrs = List.copyOf(allowedCidrs);
      corsOrigins = List.copyOf(corsOrigins);
    }
  }

  /**
   * What clients may use up.
   *
   * @param bodyBytesMax largest body of a request, where it is not for a workload
   * @param connectionsMax connections at a time
   */
  public record Limits(long bodyBytesMax, int connectionsMax) {}

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
   */
  public record Patience(
      Duration ask,
      Duration work,
      Duration agentAnswer,
      Duration heartbeat,
      Duration slowClient,
      Duration idle,
      Duration shutdown) {

    /** What fits most. */
    public static Patience usual() {
      return new Patience(
          Duration.ofSeconds(10),
          Duration.ofMinutes(10),
          Duration.ofSeconds(30),
          Duration.ofSeconds(10),
          Duration.ofSeconds(30),
          Duration.ofMinutes(11),
          Duration.ofSeconds(3));
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
