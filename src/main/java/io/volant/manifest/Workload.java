package io.volant.manifest;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The program that runs in the guest and where it answers.
 *
 * @param type always {@code http}
 * @param baseUrl where the program answers, seen from inside the guest: an http URL with a port
 * @param entrypoint the program and its arguments, 1 to 256 words
 * @param env variables for the program, at most 256, in the order of the document
 * @param workdir an absolute folder in the guest; absent means {@code /}
 * @param user who runs it: a name or number, and after a colon a group; absent means root
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Workload(
    @JsonProperty("type") String type,
    @JsonProperty("base_url") String baseUrl,
    @JsonProperty("entrypoint") List<String> entrypoint,
    @JsonProperty("env") Map<String, String> env,
    @JsonProperty("workdir") @Nullable String workdir,
    @JsonProperty("user") @Nullable String user) {

  /** Copies what can change; absent {@code env} becomes empty. */
  public Workload {
    entrypoint = Frozen.list(entrypoint);
    env = Frozen.map(env);
  }

  /** The port of {@link #baseUrl()}, 1 to 65535. */
  @JsonIgnore
  public int port() {
    return URI.create(baseUrl).getPort();
  }

  /**
   * The IPv4 address in the guest to connect to. {@code localhost} and {@code 0.0.0.0} (what a
   * program listens on) both mean the loopback address.
   */
  @JsonIgnore
  public String address() {
    String host = URI.create(baseUrl).getHost();
    return host.equals("localhost") || host.equals("0.0.0.0") ? "127.0.0.1" : host;
  }
}
