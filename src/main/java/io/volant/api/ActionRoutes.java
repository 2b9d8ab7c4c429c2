package io.volant.api;

import io.volant.manifest.Action;
import io.volant.manifest.PluginManifest;
import io.volant.model.VmId;
import io.volant.plugin.Plugin;
import io.volant.plugin.PluginDirectory;
import io.volant.vm.Health;
import io.volant.vm.Phase;
import io.volant.vm.Vm;
import io.volant.vm.VmConfig;
import io.volant.vm.VmDirectory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpMethod;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.RequestEntity;
import org.apache.pekko.http.javadsl.model.Uri;

/**
 * {@code …/actions/…}: the calls to a workload that its plugin names. What an action is comes from
 * the installed manifest, as long as that is of the version that the VM was created with.
 */
final class ActionRoutes {

  private static final String OF_VM = "/api/v1/vms/{name}/actions/{plugin}/{action}";
  private static final String OF_PLUGIN = "/api/v1/plugins/{plugin}/actions/{action}";

  private final VmDirectory vms;
  private final PluginDirectory plugins;
  private final WorkloadDesk workloads;
  private final ActorSystem<?> system;
  private final Turns turns = new Turns();

  ActionRoutes(
      VmDirectory vms, PluginDirectory plugins, WorkloadDesk workloads, ActorSystem<?> system) {
    this.vms = vms;
    this.plugins = plugins;
    this.workloads = workloads;
    this.system = system;
  }

  List<Endpoint> endpoints() {
    return List.of(
        Endpoint.toWorkload(HttpMethods.POST, OF_VM, this::ofVm),
        Endpoint.toWorkload(HttpMethods.POST, OF_PLUGIN, this::ofPlugin));
  }

  private CompletionStage<HttpResponse> ofVm(Call call) {
    Vm vm = VmRoutes.find(vms, call);
    VmConfig.PluginRef made = vm.config().config().plugin();
    String wanted = call.path("plugin");
    if (!made.name().equals(wanted)) {
      throw Problem.of(
              ErrorCode.ACTION_NOT_FOUND,
              "VM '"
                  + vm.name()
                  + "' is made from plugin '"
                  + made.name()
                  + "', and has no actions of '"
                  + Text.shown(wanted)
                  + "'")
          .asException();
    }
    PluginManifest manifest = manifestOf(vm).orElseThrow(() -> gone(vm, made).asException());
    Action action = action(manifest, call);
    if (!made.runtime().equals(manifest.runtime())) {
      throw Problem.of(
              ErrorCode.RUNTIME_MISMATCH,
              "VM '"
                  + vm.name()
                  + "' has the runtime '"
                  + made.runtime()
                  + "'; the actions of plugin '"
                  + made.name()
                  + "' are for '"
                  + manifest.runtime()
                  + "'")
          .asException();
    }
    return pass(AgentRoutes.findRunning(vms, call), call, action);
  }

  /** The manifest that a VM was created with, as far as it is still installed. */
  private Optional<PluginManifest> manifestOf(Vm vm) {
    VmConfig.PluginRef made = vm.config().config().plugin();
    return plugins
        .find(made.name())
        .map(Plugin::manifest)
        .filter(manifest -> manifest.version().equals(made.version()));
  }

  private static Problem gone(Vm vm, VmConfig.PluginRef made) {
    return Problem.of(
        ErrorCode.ACTION_NOT_FOUND,
        "VM '"
            + vm.name()
            + "' was created with plugin '"
            + made.name()
            + "' "
            + made.version()
            + ", which is not installed any more; its actions are not known");
  }

  private static Action action(PluginManifest manifest, Call call) {
    String name = call.path("action");
    Action action = manifest.actions().get(name);
    if (action == null) {
      throw Problem.of(
              ErrorCode.ACTION_NOT_FOUND,
              "plugin '" + manifest.name() + "' has no action '" + Text.shown(name) + "'")
          .asException();
    }
    return action;
  }

  private CompletionStage<HttpResponse> ofPlugin(Call call) {
    String name = call.path("plugin");
    PluginManifest manifest =
        plugins
            .find(name)
            .map(Plugin::manifest)
            .orElseThrow(() -> Problem.noPlugin(name).asException());
    Action action = action(manifest, call);
    Map<VmId, Vm> fit =
        vms.all().stream()
            .filter(vm -> isHealthy(vm) && isOf(vm, manifest))
            .collect(Collectors.toMap(Vm::id, vm -> vm, (one, _) -> one, TreeMap::new));
    Vm vm =
        turns
            .next(name, List.copyOf(fit.keySet()))
            .map(fit::get)
            .orElseThrow(() ->
                Problem.of(
                        ErrorCode.NO_HEALTHY_VM,
                        "no VM of plugin '"
                            + name
                            + "' "
                            + manifest.version()
                            + " is healthy; create or start one")
                    .asException());
    return pass(vm, call, action);
  }

  private static boolean isHealthy(Vm vm) {
    return vm.phase() instanceof Phase.Running running
        && running.certain()
        && running.health() == Health.HEALTHY;
  }

  private static boolean isOf(Vm vm, PluginManifest manifest) {
    VmConfig.PluginRef made = vm.config().config().plugin();
    return made.name().equals(manifest.name())
        && made.version().equals(manifest.version())
        && made.runtime().equals(manifest.runtime());
  }

  private CompletionStage<HttpResponse> pass(Vm vm, Call call, Action action) {
    HttpMethod method =
        HttpMethods.lookup(action.method())
            .orElseThrow(() -> new IllegalStateException("method " + action.method()));
    HttpRequest made =
        HttpRequest.create()
            .withMethod(method)
            .withUri(target(vm, call, action))
            .withEntity(body(call.request(), method));
    Integer timeoutMs = action.timeoutMs();
    Duration timeout = timeoutMs == null ? workloads.usualTimeout() : Duration.ofMillis(timeoutMs);
    return workloads
        .pass(vm, call, made, timeout)
        // the length in an answer to HEAD is that of a body which does not come
        .thenApply(answer ->
            method.equals(HttpMethods.HEAD) ? answer.withEntity(HttpEntities.EMPTY) : answer);
  }

  /** The action's own query, then the caller's. */
  private static Uri target(Vm vm, Call call, Action action) {
    String base = vm.config().config().workload().basePath();
    String[] parts = action.path().split("\\?", 2);
    String own = parts.length > 1 ? parts[1] : "";
    String theirs = call.request().getUri().rawQueryString().orElse("");
    Uri target = call.request().getUri().toRelative().path(base + parts[0]);
    if (own.isEmpty()) {
      return target;
    }
    return target.rawQueryString(theirs.isEmpty() ? own : own + "&" + theirs);
  }

  /** A call that only reads has no body: small servers take one for the next request. */
  private RequestEntity body(HttpRequest request, HttpMethod method) {
    boolean reads =
        method.equals(HttpMethods.GET)
            || method.equals(HttpMethods.HEAD)
            || method.equals(HttpMethods.OPTIONS);
    if (!reads) {
      return (RequestEntity) request.entity().withoutSizeLimit();
    }
    request.discardEntityBytes(system);
    return HttpEntities.EMPTY;
  }
}
