package io.volant.api;

import io.volant.vm.Phase;
import io.volant.vm.Vm;
import io.volant.vm.VmDirectory;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.AttributeKeys;
import org.apache.pekko.http.javadsl.model.HttpMethod;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.RequestEntity;
import org.apache.pekko.http.javadsl.model.ws.WebSocketUpgrade;

/**
 * {@code /api/v1/vms/{name}/agent/…}: HTTP and WebSockets to the workload, through the link to its
 * guest.
 */
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
  private final WorkloadDesk workloads;
  private final WorkloadSockets sockets;

  AgentRoutes(VmDirectory vms, WorkloadDesk workloads, WorkloadSockets sockets) {
    this.vms = vms;
    this.workloads = workloads;
    this.sockets = sockets;
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
    String target = target(vm.config().config().workload().basePath(), call.path("path"));
    HttpRequest request = call.request();
    Optional<WebSocketUpgrade> upgrade = request.getAttribute(AttributeKeys.webSocketUpgrade);
    if (upgrade.isPresent()) {
      return sockets.pass(vm, call, upgrade.get(), target);
    }
    HttpRequest made =
        HttpRequest.create()
            .withMethod(request.method())
            .withUri(request.getUri().toRelative().path(target))
            .withEntity((RequestEntity) request.entity().withoutSizeLimit());
    return workloads.pass(vm, call, made, workloads.usualTimeout());
  }

  /** Where a path leads on a workload; two slashes at its beginning would name another host. */
  static String target(String basePath, String path) {
    return (basePath + "/" + inGuest(path)).replaceFirst("^//+", "/");
  }

  /** The original's clients put the version of its agent before the path. */
  static String inGuest(String path) {
    if (path.equals("v1")) {
      return "";
    }
    return path.startsWith("v1/") ? path.substring("v1/".length()) : path;
  }
}
