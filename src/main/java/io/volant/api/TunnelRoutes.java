package io.volant.api;

import io.volant.vm.Guest;
import io.volant.vm.Vm;
import io.volant.vm.VmDirectory;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.ws.Message;
import org.apache.pekko.http.javadsl.model.ws.WebSocketUpgrade;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.SharedKillSwitch;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.util.ByteString;

/** A TCP connection to a port on a guest's loopback, as a WebSocket. */
final class TunnelRoutes {

  private static final int PORT_MAX = 65_535;

  private final VmDirectory vms;
  private final Guest guest;
  private final SharedKillSwitch streams;

  TunnelRoutes(ApiParts parts, SharedKillSwitch streams) {
    this.vms = parts.vms();
    this.guest = parts.guest();
    this.streams = streams;
  }

  List<Endpoint> endpoints() {
    return List.of(
        Endpoint.get("/api/v1/vms/{name}/tunnel/{port}", this::tunnel).needing(Role.OPERATOR));
  }

  private CompletionStage<HttpResponse> tunnel(Call call) {
    Vm vm = AgentRoutes.findRunning(vms, call);
    WebSocketUpgrade upgrade = WebSockets.upgrade(call);
    long port = QueryReader.digits(call.path("port"));
    if (port < 1 || port > PORT_MAX) {
      throw Problem.ofField("port", "must be a number from 1 to 65535").asException();
    }
    return guest
        .tunnel(vm.id(), (int) port)
        .thenApply(bytes -> WebSockets.answer(upgrade, conversation(bytes)));
  }

  private Flow<Message, Message, NotUsed> conversation(
      Flow<ByteString, ByteString, NotUsed> bytes) {
    SharedKillSwitch left = KillSwitches.shared("tunnel-left");
    return WebSockets.untilClosed()
        .flatMapConcat(WebSockets::bytes)
        .via(new HalfClose(left::shutdown))
        .via(streams.flow())
        .via(bytes)
        .via(left.flow())
        .onErrorComplete(WebSockets.ClientLeft.class)
        .map(WebSockets::binary)
        .via(streams.flow());
  }
}
