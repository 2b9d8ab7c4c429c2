package io.volant.api;

import io.volant.vm.Guest;
import io.volant.vm.Phase;
import io.volant.vm.Vm;
import io.volant.vm.VmConfig;
import io.volant.vm.VmDirectory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.http.javadsl.model.HttpMethod;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.RequestEntity;
import org.jspecify.annotations.Nullable;

/** {@code /api/v1/vms/{name}/agent/…}: HTTP to the workload, through the link to its guest. */
final class AgentRoutes {

  private static final String TEMPLATE = "/api/v1/vms/{name}/agent/{path}";
  private static final List<HttpMethod> METHODS =
      List.of(
          HttpMethods.GET,
          HttpMethods.HEAD,
          HttpMethods.POST,
          HttpMethods.PUT,
          HttpMethods.PATCH,
          HttpMethods.DELETE,
          HttpMethods.OPTIONS);

  private final VmDirectory vms;
  private final Guest guest;
  private final AgentHeaders headers;
  private final AgentExchange exchange;
  private final Duration answerTimeout;

  AgentRoutes(
      VmDirectory vms,
      Guest guest,
      AgentHeaders headers,
      AgentExchange exchange,
      Duration answerTimeout) {
    this.vms = vms;
    this.guest = guest;
    this.headers = headers;
    this.exchange = exchange;
    this.answerTimeout = answerTimeout;
  }

  List<Endpoint> endpoints() {
    return METHODS.stream()
        .map(method -> Endpoint.toWorkload(method, TEMPLATE, this::pass))
        .toList();
  }

  /** A VM that a guest can be asked in, or a {@link ProblemException}. */
  static Vm findRunning(VmDirectory vms, Call call) {
    Vm vm = VmRoutes.find(vms, call);
    if (!(vm.phase() instanceof Phase.Running)) {
      throw Problem.of(
              ErrorCode.NOT_RUNNING,
              "VM '" + vm.name() + "' is " + VmStatus.of(vm.phase()).text() + "; start it first")
          .asException();
    }
    return vm;
  }

  private CompletionStage<HttpResponse> pass(Call call) {
    Vm vm = findRunning(vms, call);
    VmConfig.Workload workload = vm.config().config().workload();
    Integer port = workload.port();
    if (port == null) {
      throw Problem.of(
              ErrorCode.GUEST_UNREACHABLE, "the workload of VM '" + vm.name() + "' has no port")
          .asException();
    }
    HttpRequest request = toGuest(call, workload.basePath(), port);
    return guest
        .tunnel(vm.id(), port)
        .thenCompose(tunnel -> exchange.send(request, tunnel))
        .handle((response, failure) -> answer(vm, response, failure));
  }

  private HttpRequest toGuest(Call call, String basePath, int port) {
    HttpRequest request = call.request();
    String target = basePath + "/" + inGuest(call.path("path"));
    return HttpRequest.create()
        .withMethod(request.method())
        .withUri(request.getUri().toRelative().path(target))
        .withHeaders(headers.toGuest(request, port, call.asker().cause()))
        .withEntity((RequestEntity) request.entity().withoutSizeLimit());
  }

  /** The original's clients put the version of its agent before the path. */
  static String inGuest(String path) {
    if (path.equals("v1")) {
      return "";
    }
    return path.startsWith("v1/") ? path.substring("v1/".length()) : path;
  }

  private HttpResponse answer(Vm vm, @Nullable HttpResponse response, @Nullable Throwable failure) {
    if (response != null) {
      return response.withHeaders(headers.toClient(response));
    }
    Throwable root = ProblemMapping.root(failure);
    if (root instanceof TimeoutException) {
      throw Problem.of(
              ErrorCode.GUEST_TIMEOUT,
              "the workload of VM '"
                  + vm.name()
                  + "' did not answer within "
                  + answerTimeout.toSeconds()
                  + " s")
          .asException();
    }
    throw new java.util.concurrent.CompletionException(root);
  }
}
