package io.volant.api;

import io.volant.adapter.unixsocket.UnixListener;
import io.volant.adapter.unixsocket.UnixSockets;
import io.volant.pem.Certificates;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/** An API with all of its doors, and what {@code volar} needs to find each. */
final class OpenHouse implements AutoCloseable {

  private static final int CONNECTIONS = 100;

  private final Path folder;
  private final RunningApi api;
  private final UnixSockets sockets = new UnixSockets();

  /** Ways in. */
  enum Door {
    TCP,
    TLS,
    UNIX
  }

  OpenHouse(Path folder) throws IOException, InterruptedException {
    this.folder = folder;
    Certificates.make(folder, "daemon");
    ApiSettings.Tls tls =
        new ApiSettings.Tls(
            new ApiSettings.Listen("127.0.0.1", 0, null),
            folder.resolve("daemon.pem"),
            folder.resolve("daemon.key"),
            null);
    api =
        RunningApi.start(
            folder.resolve("home"),
            usual -> RunningApi.with(usual, new ApiSettings.Doors(tls, null)));
    var _ =
        sockets.listen(
            new UnixListener.Place(folder.resolve("sock"), null, CONNECTIONS),
            (connection, uid) -> api.server().serve(connection.flow(), new LocalUser(uid, true)));
  }

  RunningApi api() {
    return api;
  }

  /** The variables that lead {@code volar} through a door. */
  Map<String, String> environment(Door door) {
    return switch (door) {
      case TCP -> Map.of("VOLANT_API_BASE", "http://127.0.0.1:" + api.port());
      case TLS ->
          Map.of(
              "VOLANT_API_BASE",
              "https://127.0.0.1:" + Objects.requireNonNull(api.server().secureAddress()).getPort(),
              "VOLANT_CA_CERT",
              folder.resolve("daemon.pem").toString());
      case UNIX -> Map.of("VOLANT_API_BASE", "unix:" + folder.resolve("sock"));
    };
  }

  @Override
  public void close() {
    api.close();
    sockets.close();
  }
}
