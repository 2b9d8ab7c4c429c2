package io.volant.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.volant.plugin.Plugin;
import io.volant.plugin.PluginDirectory;
import io.volant.vm.Phase;
import io.volant.vm.Vm;
import io.volant.vm.VmConfig;
import io.volant.vm.VmDirectory;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/**
 * {@code /api/v1/vms/{name}/openapi}: what the workload says that it can do, or what its manifest
 * says where that is written.
 */
final class WorkloadApiRoutes {

  private static final String ONE = "/api/v1/vms/{name}/openapi";

  /** Where workloads have it, on their port. */
  private static final String IN_GUEST = "/v1/openapi";

  private static final Duration GUEST_PATIENCE_MAX = Duration.ofSeconds(5);

  private final VmDirectory vms;
  private final PluginDirectory plugins;
  private final WorkloadDesk workloads;
  private final Descriptions descriptions;

  WorkloadApiRoutes(
      VmDirectory vms, PluginDirectory plugins, WorkloadDesk workloads, Descriptions descriptions) {
    this.vms = vms;
    this.plugins = plugins;
    this.workloads = workloads;
    this.descriptions = descriptions;
  }

  List<Endpoint> endpoints() {
    return List.of(Endpoint.get(ONE, this::show));
  }

  private CompletionStage<HttpResponse> show(Call call) {
    Vm vm = VmRoutes.find(vms, call);
    return asked(vm)
        .thenCompose(found ->
            found.isPresent() ? CompletableFuture.completedFuture(found.get()) : ofManifest(vm))
        .thenApply(document -> Answers.ok(json -> json.writeTree(document)));
  }

  /** What the guest says; nothing where it does not run, or says nothing of use. */
  private CompletionStage<Optional<JsonNode>> asked(Vm vm) {
    if (!(vm.phase() instanceof Phase.Running) || vm.config().config().workload().port() == null) {
      return CompletableFuture.completedFuture(Optional.empty());
    }
    Duration usual = workloads.usualTimeout();
    Duration patience = usual.compareTo(GUEST_PATIENCE_MAX) < 0 ? usual : GUEST_PATIENCE_MAX;
    return workloads
        .ask(vm, IN_GUEST, patience)
        .thenCompose(descriptions::in)
        .handle((document, _) -> Optional.ofNullable(document));
  }

  private CompletionStage<JsonNode> ofManifest(Vm vm) {
    VmConfig.PluginRef made = vm.config().config().plugin();
    String location =
        plugins
            .find(made.name())
            .map(Plugin::manifest)
            .filter(manifest -> manifest.version().equals(made.version()))
            .map(manifest -> manifest.openapi())
            .orElseThrow(() ->
                none(
                    "the workload of VM '"
                        + vm.name()
                        + "' does not describe its API, and neither does its manifest"));
    return descriptions
        .at(location)
        .exceptionallyCompose(failure ->
            CompletableFuture.failedFuture(
                none(
                    "the manifest of VM '"
                        + vm.name()
                        + "' has its API description at "
                        + Text.shown(withoutPassword(location))
                        + ": "
                        + Descriptions.unreadable(failure).getMessage())));
  }

  private static String withoutPassword(String url) {
    return url.replaceFirst("^(https?://)[^/?#]*@", "$1");
  }

  private static ProblemException none(String why) {
    return Problem.of(ErrorCode.OPENAPI_NOT_FOUND, why).asException();
  }
}
