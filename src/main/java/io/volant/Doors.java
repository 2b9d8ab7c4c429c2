package io.volant;

import io.volant.adapter.unixsocket.UnixListener;
import io.volant.adapter.unixsocket.UnixSockets;
import io.volant.api.ApiSettings;
import io.volant.api.HttpServer;
import io.volant.api.LocalUser;
import io.volant.pem.PemFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** The ways in besides plain HTTP: certificates for TLS, and the unix socket. */
final class Doors implements AutoCloseable {

  private static final int ROOT = 0;
  private static final Path SELF = Path.of("/proc/self");

  private final UnixSockets sockets;

  private Doors(UnixSockets sockets) {
    this.sockets = sockets;
  }

  /**
   * What the HTTPS listener needs; null: there is none.
   *
   * @throws IOException with a line for people, if a file is not what it should be
   */
  static @Nullable SSLContext tls(ApiSettings.Doors doors) throws IOException {
    ApiSettings.Tls tls = doors.tls();
    return tls == null ? null : PemFiles.server(tls.certificate(), tls.key(), tls.clientCa());
  }

  /**
   * Opens the unix socket, if there shall be one.
   *
   * @throws IOException with a line for people
   */
  static @Nullable Doors open(ApiSettings settings, HttpServer server) throws IOException {
    ApiSettings.LocalSocket socket = settings.doors().socket();
    if (socket == null) {
      return null;
    }
    UnixSockets sockets = new UnixSockets();
    try {
      int owner = (Integer) Files.getAttribute(SELF, "unix:uid");
      sockets.listen(
          new UnixListener.Place(socket.path(), socket.group(), settings.limits().connectionsMax()),
          (connection, uid) ->
              server.serve(connection.flow(), new LocalUser(uid, uid == ROOT || uid == owner)));
      return new Doors(sockets);
    } catch (IOException failure) {
      sockets.close();
      throw failure;
    }
  }

  /** Closes the socket and removes its file. */
  @Override
  public void close() {
    sockets.close();
  }
}
