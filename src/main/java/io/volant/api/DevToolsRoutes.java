package io.volant.api;

import io.volant.vm.Vm;
import io.volant.vm.VmDirectory;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.Uri;
import org.apache.pekko.http.javadsl.model.ws.WebSocketUpgrade;

/** {@code /ws/v1/vms/{name}/devtools/…}: the debugger of a browser that runs in a guest. */
final class DevToolsRoutes {

  private static final int PORT = 9222;
  private static final int PORT_MAX = 65_535;
  private static final String FOLDER = "devtools/";

  private final VmDirectory vms;
  private final WorkloadSockets sockets;

  DevToolsRoutes(VmDirectory vms, WorkloadSockets sockets) {
    this.vms = vms;
    this.sockets = sockets;
  }

  List<Endpoint> endpoints() {
    return List.of(
        Endpoint.get("/ws/v1/vms/{name}/devtools/{path}", this::talk).needing(Role.OPERATOR));
  }

  private CompletionStage<HttpResponse> talk(Call call) {
    QueryReader query = call.query();
    int port = (int) query.number("port", 1, PORT_MAX, PORT);
    query.check();
    Vm vm = AgentRoutes.findRunning(vms, call);
    WebSocketUpgrade upgrade = WebSockets.upgrade(call);
    return sockets.connect(vm, port, place(call.path("path"), port), upgrade);
  }

  /** A browser answers only those who call it by an address or as localhost, and no web pages. */
  private static Uri place(String path, int port) {
    String below = path.startsWith(FOLDER) ? path : FOLDER + path;
    return Uri.create("ws://localhost").port(port).path("/" + below);
  }
}
