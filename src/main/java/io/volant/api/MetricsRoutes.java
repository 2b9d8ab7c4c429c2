package io.volant.api;

import io.volant.metrics.Metrics;
import io.volant.metrics.VmUsageProbe;
import io.volant.vm.VmDirectory;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/** {@code /metrics}: the daemon's numbers for Prometheus. */
final class MetricsRoutes {

  private static final ContentType PAGE =
      ContentTypes.parse("text/plain; version=0.0.4; charset=utf-8");

  private final Metrics metrics;
  private final Executor blocking;

  /**
   * @param blocking for what reads files
   */
  MetricsRoutes(Metrics metrics, Executor blocking) {
    this.metrics = metrics;
    this.blocking = blocking;
  }

  /** Puts the VMs on the page. To be called once. */
  static void showVms(VmDirectory vms, ApiParts.Watching watching) {
    watching.metrics().showVms(() -> byStatus(vms));
    watching.metrics().showUsage(() -> usage(vms, watching.usage()));
  }

  List<Endpoint> endpoints() {
    return List.of(Endpoint.get("/metrics", this::page));
  }

  private CompletionStage<HttpResponse> page(Call call) {
    return CompletableFuture.supplyAsync(metrics::page, blocking)
        .thenApply(page -> HttpResponse.create().withEntity(HttpEntities.create(PAGE, page)));
  }

  /** Each status is there, if only with 0: a series that comes and goes cannot be watched. */
  private static Map<String, Integer> byStatus(VmDirectory vms) {
    Map<String, Integer> counts = new TreeMap<>();
    for (VmStatus status : VmStatus.values()) {
      counts.put(status.text(), 0);
    }
    vms.all().forEach(vm -> counts.merge(VmStatus.of(vm.phase()).text(), 1, Integer::sum));
    return counts;
  }

  private static List<Metrics.NamedUsage> usage(VmDirectory vms, VmUsageProbe probe) {
    return UsageRoutes.all(vms, probe).stream()
        .map(used -> new Metrics.NamedUsage(used.vm().name(), used.usage()))
        .toList();
  }
}
