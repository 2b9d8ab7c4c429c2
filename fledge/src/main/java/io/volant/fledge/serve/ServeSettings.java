package io.volant.fledge.serve;

import io.volant.fledge.report.BuildFailure;
import io.volant.fledge.report.ExitCode;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How builds are served.
 *
 * @param address where to listen; port 0: any free one
 * @param apiKey what every caller must know; null: nothing
 * @param origins the web pages that may call, such as {@code http://localhost:3000}
 * @param builds how many builds may run at once
 */
public record ServeSettings(
    InetSocketAddress address, @Nullable String apiKey, Set<String> origins, int builds) {
  private static final Pattern ADDRESS =
      Pattern.compile("(?:\\[([0-9a-fA-F:.]+)]|([^:\\[\\]/]+)):([0-9]{1,5})");
  private static final int PORT_MAX = 65535;

  /** Copies the set. */
  public ServeSettings {
    origins = Set.copyOf(origins);
  }

  /**
   * Checks what was given.
   *
   * @throws BuildFailure with the option that is wrong
   */
  public static ServeSettings of(
      String address, @Nullable String apiKey, Set<String> origins, int builds)
      throws BuildFailure {
    InetSocketAddress listenAt = address(address);
    String key = apiKey == null || apiKey.isEmpty() ? null : apiKey;
    if (key == null && !listenAt.getAddress().isLoopbackAddress()) {
      throw wrong(
          "--addr "
              + address
              + " can be reached by other machines, and so needs --api-key (or FLEDGE_API_KEY);"
              + " 127.0.0.1 does not");
    }
    if (builds < 1) {
      throw wrong("--builds must be at least 1, was " + builds);
    }
    return new ServeSettings(listenAt, key, origins, builds);
  }

  private static InetSocketAddress address(String text) throws BuildFailure {
    Matcher parts = ADDRESS.matcher(text);
    if (!parts.matches() || Integer.parseInt(parts.group(3)) > PORT_MAX) {
      throw wrong("--addr must be HOST:PORT, such as 127.0.0.1:7070, was " + text);
    }
    String host = parts.group(1) == null ? parts.group(2) : parts.group(1);
    try {
      return new InetSocketAddress(InetAddress.getByName(host), Integer.parseInt(parts.group(3)));
    } catch (UnknownHostException unknown) {
      throw wrong("--addr names a host that is not known: " + host);
    }
  }

  private static BuildFailure wrong(String line) {
    return new BuildFailure(ExitCode.USAGE, line);
  }
}
