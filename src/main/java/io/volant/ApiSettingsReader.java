package io.volant;

import io.volant.api.ApiKey;
import io.volant.api.ApiSettings;
import io.volant.api.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads {@code volant.api}: where the API is served, to whom, and how much of it. */
final class ApiSettingsReader {

  private static final String ADDRESS = "(\\[[0-9a-fA-F:]+\\]|[A-Za-z0-9.-]+):[0-9]{1,5}";
  private static final String SOCKET_NAME = "volantd.sock";
  private static final int KEYS_MAX = 1_000;
  private static final long KIB = 1024;
  private static final long MIB = 1024 * KIB;

  private final SettingsReader read;
  private final Path home;

  ApiSettingsReader(SettingsReader read, Path home) {
    this.read = read;
    this.home = home;
  }

  ApiSettings api(String hostAddress, String version) {
    ApiSettings.Listen listen =
        listen("volant.api.listen", emptyToNull(read.text("volant.api.advertise")));
    List<ApiKey> keys = keys();
    ApiSettings.Tls tls = tls();
    refuseOpenDoor("volant.api.listen", listen, keys);
    if (tls != null) {
      refuseOpenDoor("volant.api.tls.listen", tls.listen(), keys);
    }
    return new ApiSettings(
        listen,
        new ApiSettings.Access(
            keys, read.texts("volant.api.allow-cidr"), read.texts("volant.api.cors-origins")),
        limits(),
        patience(),
        new ApiSettings.Identity(hostName(), hostAddress, version),
        new ApiSettings.Doors(tls, socket()),
        read.flag("volant.mcp.writes"));
  }

  private ApiSettings.Listen listen(String key, @Nullable String advertised) {
    String listen = read.matching(key, ADDRESS, "host:port, such as 127.0.0.1:7777");
    int colon = listen.lastIndexOf(':');
    String host = listen.substring(0, colon).replaceAll("[\\[\\]]", "");
    int port = Integer.parseInt(listen.substring(colon + 1));
    if (port > 65_535) {
      throw new SettingsException(key, listen, "a port of at most 65535");
    }
    return new ApiSettings.Listen(host, port, advertised);
  }

  private void refuseOpenDoor(String key, ApiSettings.Listen listen, List<ApiKey> keys) {
    if (keys.isEmpty()
        && !isLoopback(listen.host())
        && !read.flag("volant.api.allow-remote-without-key")) {
      throw new SettingsException(
          key
              + " = "
              + listen.host()
              + ":"
              + listen.port()
              + ": anybody who reaches this address could run machines here; set volant.api.keys"
              + " (volantd --new-api-key NAME ROLE makes one) or volant.api.key (VOLANT_API_KEY),"
              + " or volant.api.allow-remote-without-key = true");
    }
  }

  private List<ApiKey> keys() {
    List<ApiKey> keys = new ArrayList<>();
    String single = read.text("volant.api.key");
    if (!single.isEmpty()) {
      keys.add(ApiKey.of(ApiKey.SINGLE, Role.ADMIN, single));
    }
    Set<String> names = new HashSet<>(ApiKey.RESERVED);
    names.add(ApiKey.SINGLE);
    for (SettingsReader entry : read.each("volant.api.keys", KEYS_MAX)) {
      String name =
          entry.matching(
              "name",
              ApiKey.NAME.pattern(),
              "1 to 63 of letters, digits, dot, underscore and hyphen");
      if (!names.add(name)) {
        throw entry.wrong(
            "name", name, "a name that no other key has, nor system, local or api-key");
      }
      String hash =
          entry.matching(
              "sha256",
              "[0-9a-fA-F]{64}",
              "64 hexadecimal digits; volantd --new-api-key NAME ROLE prints the whole entry");
      keys.add(new ApiKey(name, entry.choice("role", Role.class), hash.toLowerCase(Locale.ROOT)));
    }
    return keys;
  }

  private ApiSettings.@Nullable Tls tls() {
    if (read.text("volant.api.tls.listen").isEmpty()) {
      return null;
    }
    String authority = read.text("volant.api.tls.client-ca");
    return new ApiSettings.Tls(
        listen("volant.api.tls.listen", null),
        file("volant.api.tls.certificate"),
        file("volant.api.tls.key"),
        authority.isEmpty() ? null : file("volant.api.tls.client-ca"));
  }

  private Path file(String key) {
    return Path.of(read.matching(key, ".+", "the path of a PEM file")).toAbsolutePath();
  }

  private ApiSettings.@Nullable LocalSocket socket() {
    if (!read.flag("volant.api.socket.enabled")) {
      return null;
    }
    String path = read.text("volant.api.socket.path");
    return new ApiSettings.LocalSocket(
        path.isEmpty() ? home.resolve(SOCKET_NAME) : Path.of(path).toAbsolutePath(),
        emptyToNull(read.text("volant.api.socket.group")));
  }

  private ApiSettings.Limits limits() {
    return new ApiSettings.Limits(
        read.bytes("volant.api.body-max", KIB, 64 * MIB),
        read.number("volant.api.connections-max", 1, 100_000),
        new ApiSettings.Head(
            read.number("volant.api.headers-max", 8, 1_000),
            Math.toIntExact(read.bytes("volant.api.header-size-max", 256, MIB))),
        new ApiSettings.Rate(
            read.number("volant.api.rate.per-second", 0, 1_000_000),
            read.number("volant.api.rate.burst", 1, 1_000_000)),
        read.number("volant.api.event-logs-max", 0, 100_000));
  }

  private ApiSettings.Patience patience() {
    ApiSettings.Patience usual = ApiSettings.Patience.usual();
    Duration second = Duration.ofSeconds(1);
    return new ApiSettings.Patience(
        read.duration("volant.api.answer-timeout", second, Duration.ofMinutes(10)),
        usual.work(),
        usual.agentAnswer(),
        read.duration("volant.api.heartbeat", second, Duration.ofSeconds(15)),
        read.duration("volant.api.slow-client", second, Duration.ofMinutes(10)),
        usual.idle(),
        usual.shutdown(),
        read.duration("volant.api.accepted-after", Duration.ofMillis(100), Duration.ofMinutes(1)),
        read.duration("volant.api.head-timeout", second, Duration.ofMinutes(10)),
        read.duration("volant.api.keep-alive", second, Duration.ofMinutes(10)));
  }

  private static boolean isLoopback(String host) {
    return host.equals("localhost") || host.equals("::1") || host.startsWith("127.");
  }

  private static String hostName() {
    String name = System.getenv("HOSTNAME");
    try {
      return name != null && !name.isBlank()
          ? name
          : Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
    } catch (IOException unknown) {
      return "localhost";
    }
  }

  private static @Nullable String emptyToNull(String text) {
    return text.isEmpty() ? null : text;
  }
}
