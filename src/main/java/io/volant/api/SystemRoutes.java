package io.volant.api;

import com.fasterxml.jackson.core.JsonGenerator;
import io.volant.plugin.Plugin;
import io.volant.plugin.PluginDirectory;
import io.volant.vm.Vm;
import io.volant.vm.VmDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/** The daemon itself: {@code /healthz}, {@code /openapi}, {@code /api/v1/system/…}. */
final class SystemRoutes {

  private final VmDirectory vms;
  private final PluginDirectory plugins;
  private final ApiSettings settings;
  private final Supplier<String> listenAddress;
  private final HostLoad load = new HostLoad(Path.of("/proc"));
  private final Executor blocking;
  private final ApiDocument document;

  /**
   * The routes.
   *
   * @param listenAddress where the API listens, known once it does
   * @param blocking for what reads files
   */
  SystemRoutes(
      ApiParts parts,
      ApiSettings settings,
      Supplier<String> listenAddress,
      Executor blocking,
      ApiDocument document) {
    this.vms = parts.vms();
    this.plugins = parts.plugins();
    this.settings = settings;
    this.listenAddress = listenAddress;
    this.blocking = blocking;
    this.document = document;
  }

  List<Endpoint> endpoints() {
    return List.of(
        Endpoint.get("/healthz", this::health).openToAll(),
        Endpoint.get("/openapi", this::openApi),
        Endpoint.get("/api/v1/system/status", this::status),
        Endpoint.get("/api/v1/system/info", this::info),
        Endpoint.get("/api/v1/system/summary", this::summary));
  }

  private CompletionStage<HttpResponse> health(Call call) {
    return CompletableFuture.completedFuture(
        Answers.ok(json -> {
          json.writeStartObject();
          json.writeStringField("status", "ok");
          json.writeEndObject();
        }));
  }

  private CompletionStage<HttpResponse> openApi(Call call) {
    return CompletableFuture.completedFuture(Answers.json(200, document.json()));
  }

  private CompletionStage<HttpResponse> status(Call call) {
    return CompletableFuture.supplyAsync(load::sample, blocking)
        .thenApply(sample ->
            Answers.ok(json -> {
              json.writeStartObject();
              json.writeStringField("status", "ok");
              json.writeNumberField("vm_count", vms.all().size());
              json.writeNumberField("cpu_percent", sample.cpuPercent());
              json.writeNumberField("mem_percent", sample.memoryPercent());
              json.writeEndObject();
            }));
  }

  private CompletionStage<HttpResponse> info(Call call) {
    String listens = listenAddress.get();
    String advertised = settings.listen().advertiseAddress();
    return CompletableFuture.completedFuture(
        Answers.ok(json -> {
          json.writeStartObject();
          json.writeStringField("status", "ok");
          json.writeStringField("version", settings.identity().version());
          json.writeStringField("api_listen_addr", listens);
          json.writeStringField("api_advertise_addr", advertised == null ? listens : advertised);
          json.writeStringField("host_ip", settings.identity().hostIp());
          json.writeEndObject();
        }));
  }

  private CompletionStage<HttpResponse> summary(Call call) {
    List<Vm> allVms = List.copyOf(vms.all());
    List<Plugin> allPlugins = List.copyOf(plugins.all());
    return CompletableFuture.completedFuture(
        Answers.ok(json -> {
          json.writeStartObject();
          json.writeNumberField("total_vms", allVms.size());
          writeCounts(json, "by_status", allVms, vm -> VmStatus.of(vm.phase()).text());
          writeCounts(json, "by_runtime", allVms, vm -> vm.config().config().plugin().runtime());
          json.writeNumberField("total_plugins", allPlugins.size());
          json.writeNumberField(
              "enabled_plugins", allPlugins.stream().filter(Plugin::enabled).count());
          json.writeArrayFieldStart("plugins");
          for (Plugin plugin : allPlugins) {
            json.writeStartObject();
            json.writeStringField("name", plugin.name());
            json.writeStringField("version", plugin.manifest().version());
            json.writeBooleanField("enabled", plugin.enabled());
            json.writeEndObject();
          }
          json.writeEndArray();
          json.writeEndObject();
        }));
  }

  private static void writeCounts(
      JsonGenerator json, String field, Collection<Vm> vms, Function<Vm, String> key)
      throws IOException {
    Map<String, Integer> counts = new TreeMap<>();
    vms.forEach(vm -> counts.merge(key.apply(vm), 1, Integer::sum));
    json.writeObjectFieldStart(field);
    for (Map.Entry<String, Integer> count : counts.entrySet()) {
      json.writeNumberField(count.getKey(), count.getValue());
    }
    json.writeEndObject();
  }
}
