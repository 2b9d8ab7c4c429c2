package io.volant.api;

import io.volant.vm.Guest;
import io.volant.vm.Vm;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.Host;
import org.jspecify.annotations.Nullable;

/** Where the edge asks workloads: a request goes to one through the link to its guest. */
final class WorkloadDesk {

  private final Guest guest;
  private final AgentHeaders headers;
  private final AgentExchange exchange;
  private final Duration usualTimeout;

  WorkloadDesk(Guest guest, AgentHeaders headers, AgentExchange exchange, Duration usualTimeout) {
    this.guest = guest;
    this.headers = headers;
    this.exchange = exchange;
    this.usualTimeout = usualTimeout;
  }

  /** How long a workload may take to begin its answer, where nobody says otherwise. */
  Duration usualTimeout() {
    return usualTimeout;
  }

  /** The port on which the workload of a VM serves, or a {@link ProblemException}. */
  static int port(Vm vm) {
    Integer port = vm.config().config().workload().port();
    if (port == null) {
      throw Problem.of(
              ErrorCode.GUEST_UNREACHABLE, "the workload of VM '" + vm.name() + "' has no port")
          .asException();
    }
    return port;
  }

  /**
   * Passes on what a client sent, with the headers that are the workload's business.
   *
   * @param call what came
   * @param made method, place and body as the workload shall get them
   * @param timeout until the answer begins, from the end of the request
   * @return the answer, or a failure with {@link ProblemException} or {@link
   *     io.volant.vm.GuestException}
   */
  CompletionStage<HttpResponse> pass(Vm vm, Call call, HttpRequest made, Duration timeout) {
    int port = port(vm);
    HttpRequest request =
        made.withHeaders(headers.toGuest(call.request(), port, call.asker().cause()));
    return guest
        .tunnel(vm.id(), port)
        .thenCompose(tunnel -> exchange.send(request, tunnel, timeout))
        .handle((response, failure) -> answer(vm, response, failure, timeout));
  }

  /**
   * Asks a workload something on our own behalf.
   *
   * @param path what to GET on the workload's port, whatever its base path is
   * @return the answer, or a failure like {@link #pass}
   */
  CompletionStage<HttpResponse> ask(Vm vm, String path, Duration timeout) {
    int port = port(vm);
    HttpRequest request =
        HttpRequest.GET(path)
            .withHeaders(
                List.of(
                    Host.create("127.0.0.1", port),
                    HttpHeader.parse("Connection", "close"),
                    HttpHeader.parse("Accept", "application/json")));
    return guest
        .tunnel(vm.id(), port)
        .thenCompose(tunnel -> exchange.send(request, tunnel, timeout));
  }

  private HttpResponse answer(
      Vm vm, @Nullable HttpResponse response, @Nullable Throwable failure, Duration timeout) {
    if (response != null) {
      return response.withHeaders(headers.toClient(response));
    }
    throw failed(vm, failure, timeout);
  }

  /** The failure of something asked of a workload, for the client. */
  static RuntimeException failed(Vm vm, @Nullable Throwable failure, Duration timeout) {
    Throwable root = ProblemMapping.root(failure);
    return root instanceof TimeoutException
        ? Problem.of(
                ErrorCode.GUEST_TIMEOUT,
                "the workload of VM '" + vm.name() + "' did not answer within " + shown(timeout))
            .asException()
        : new CompletionException(root);
  }

  private static String shown(Duration timeout) {
    return timeout.toMillis() % 1_000 == 0
        ? timeout.toSeconds() + " s"
        : timeout.toMillis() + " ms";
  }
}
