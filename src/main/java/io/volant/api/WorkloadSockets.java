package io.volant.api;

import io.volant.vm.Guest;
import io.volant.vm.Vm;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.Uri;
import org.apache.pekko.http.javadsl.model.ws.Message;
import org.apache.pekko.http.javadsl.model.ws.WebSocketRequest;
import org.apache.pekko.http.javadsl.model.ws.WebSocketUpgrade;
import org.apache.pekko.http.scaladsl.model.ws.PeerClosedConnectionException;
import org.apache.pekko.japi.pf.PFBuilder;
import org.apache.pekko.stream.SharedKillSwitch;
import org.apache.pekko.stream.javadsl.Flow;

/** Where the edge asks workloads for WebSockets, through the link to their guest. */
final class WorkloadSockets {

  /** The workload has ended the conversation for a bad reason. */
  private static final class WorkloadLeft extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private WorkloadLeft(String message) {
      super(message, null, false, false);
    }

    /** Without a trace: a guest must not be able to fill our log. */
    static WorkloadLeft of(Throwable failure) {
      return new WorkloadLeft(
          failure instanceof PeerClosedConnectionException closed
              ? "the workload has closed the WebSocket with " + closed.closeCode()
              : "the connection to the workload broke");
    }
  }

  private final Guest guest;
  private final AgentHeaders headers;
  private final SocketExchange exchange;
  private final Duration patience;
  private final SharedKillSwitch streams;

  WorkloadSockets(
      Guest guest,
      AgentHeaders headers,
      SocketExchange exchange,
      Duration patience,
      SharedKillSwitch streams) {
    this.guest = guest;
    this.headers = headers;
    this.exchange = exchange;
    this.patience = patience;
    this.streams = streams;
  }

  /**
   * Passes a client's wish for a WebSocket on, with the headers that are the workload's business.
   * Who may only look may not: a WebSocket goes both ways.
   *
   * @param path where on the workload's port
   * @return the answer, or a failure with {@link ProblemException} or {@link
   *     io.volant.vm.GuestException}
   */
  CompletionStage<HttpResponse> pass(Vm vm, Call call, WebSocketUpgrade upgrade, String path) {
    Gate.checkRole(call.principal(), Role.OPERATOR)
        .ifPresent(problem -> {
          throw problem.asException();
        });
    int port = WorkloadDesk.port(vm);
    Uri bare = Uri.create("ws://127.0.0.1").port(port).path(path);
    Uri place = headers.queryToGuest(call.request()).map(bare::rawQueryString).orElse(bare);
    List<HttpHeader> sent = headers.toGuestSocket(call.request(), call.asker().cause());
    return open(vm, port, place, sent, upgrade);
  }

  /**
   * A WebSocket on a port of the guest, with nothing of what the client sent but its messages and
   * the subprotocols that it offers.
   *
   * @param place host and port for the head of the request, and where on the port
   */
  CompletionStage<HttpResponse> connect(Vm vm, int port, Uri place, WebSocketUpgrade upgrade) {
    return open(vm, port, place, List.of(), upgrade);
  }

  private CompletionStage<HttpResponse> open(
      Vm vm, int port, Uri place, List<HttpHeader> sent, WebSocketUpgrade upgrade) {
    WebSocketRequest request = WebSocketRequest.create(place);
    for (HttpHeader header : sent) {
      request = request.addHeader(header);
    }
    List<String> offered = new ArrayList<>();
    upgrade.getRequestedProtocols().forEach(offered::add);
    WebSocketRequest made =
        offered.isEmpty() ? request : request.requestSubprotocol(String.join(",", offered));
    return guest
        .tunnel(vm.id(), port)
        .thenCompose(tunnel -> exchange.open(made, tunnel, patience))
        .handle((answer, failure) ->
            switch (answer) {
              case SocketExchange.Answer.Opened opened -> opened(upgrade, opened);
              case SocketExchange.Answer.Refused(HttpResponse head) -> refused(vm, head);
              case null -> throw WorkloadDesk.failed(vm, failure, patience);
            });
  }

  private HttpResponse opened(WebSocketUpgrade upgrade, SocketExchange.Answer.Opened opened) {
    Flow<Message, Message, ?> messages =
        Flow.of(Message.class)
            .via(streams.flow())
            .via(opened.messages())
            .mapError(new PFBuilder<Throwable, Throwable>().matchAny(WorkloadLeft::of).build())
            .via(streams.flow());
    HttpResponse response =
        opened
            .subprotocol()
            .map(subprotocol -> upgrade.handleMessagesWith(messages, subprotocol))
            .orElseGet(() -> upgrade.handleMessagesWith(messages));
    return response.addHeaders(headers.toClient(opened.head()));
  }

  /** A refusal is the workload's own word, but what is no refusal would deceive the client. */
  private HttpResponse refused(Vm vm, HttpResponse head) {
    if (head.status().isFailure() || head.status().isRedirection()) {
      return HttpResponse.create().withStatus(head.status()).addHeaders(headers.toClient(head));
    }
    String why =
        head.status().equals(StatusCodes.SWITCHING_PROTOCOLS)
            ? "its answer is not what belongs to a WebSocket, or has none of the subprotocols offered"
            : "it answered " + head.status().intValue();
    throw Problem.of(
            ErrorCode.GUEST_UNREACHABLE,
            "the workload of VM '" + vm.name() + "' did not open a WebSocket: " + why)
        .asException();
  }
}
