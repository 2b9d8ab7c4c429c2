package io.volant.metrics;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Every number that the daemon shows. Safe for several threads; recording never blocks. */
public final class Metrics {

  private static final double NANOS_PER_SECOND = 1e9;
  private static final double[] QUICK_S = {
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5
  };
  private static final double[] SLOW_S = {
    0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 10, 30, 60
  };

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final Histogram http;
  private final Histogram journal;
  private final Counter journalEvents;
  private final BootTimes bootTimes;

  /** Begins at nothing. */
  public Metrics() {
    this.http =
        Histogram.builder()
            .name("volant_http_answer_seconds")
            .help("From a request's arrival to the beginning of its answer.")
            .labelNames("method", "route", "status")
            .classicOnly()
            .classicUpperBounds(QUICK_S)
            .register(registry);
    this.journal =
        Histogram.builder()
            .name("volant_journal_write_seconds")
            .help("One write to the journal with its fsync; several actors share one.")
            .classicOnly()
            .classicUpperBounds(QUICK_S)
            .register(registry);
    this.journalEvents =
        Counter.builder()
            .name("volant_journal_events_total")
            .help("Events that were stored.")
            .register(registry);
    this.bootTimes = new BootTimes(registry, SLOW_S);
  }

  /** What a VM uses, with its name. */
  public record NamedUsage(String vm, VmUsageProbe.Usage usage) {}

  /**
   * A request was answered.
   *
   * @param route the template of its path, not the path: names would make a series each
   */
  public void answered(String method, String route, int status, Duration took) {
    http.labelValues(method, route, Integer.toString(status)).observe(seconds(took));
  }

  /** The journal was written to. */
  public void stored(int events, Duration took) {
    journal.observe(seconds(took));
    journalEvents.inc(events);
  }

  /** How long VMs take to boot. */
  public BootTimes bootTimes() {
    return bootTimes;
  }

  /**
   * Shows how many VMs there are of each status, asked whenever somebody looks. To be called once.
   */
  public void showVms(Supplier<Map<String, Integer>> byStatus) {
    var _ =
        GaugeWithCallback.builder()
            .name("volant_vms")
            .help("VMs by status.")
            .labelNames("status")
            .callback(shown -> byStatus.get().forEach((status, n) -> shown.call(n, status)))
            .register(registry);
  }

  /** Shows how the log lines in the event stream are doing. To be called once. */
  public void showLogs(LogNumbers logs) {
    var _ =
        GaugeWithCallback.builder()
            .name("volant_event_log_vms")
            .help(
                "VMs whose log lines are in the event stream now, and those for which there is no room.")
            .labelNames("state")
            .callback(shown -> {
              shown.call(logs.followed().doubleValue(), "followed");
              shown.call(logs.leftOut().doubleValue(), "left_out");
            })
            .register(registry);
    var _ =
        CounterWithCallback.builder()
            .name("volant_event_log_lines_lost_total")
            .help("Log lines that followers of the event stream were too slow for.")
            .callback(shown -> shown.call(logs.linesLost().doubleValue()))
            .register(registry);
  }

  /** Shows what running VMs use, asked whenever somebody looks. To be called once. */
  public void showUsage(Supplier<List<NamedUsage>> usage) {
    registry.register(new UsageCollector(usage));
  }

  /** The page, in Prometheus' text format. May read files: not for a dispatcher of Pekko's. */
  public byte[] page() {
    ByteArrayOutputStream page = new ByteArrayOutputStream();
    try {
      PrometheusTextFormatWriter.builder().build().write(page, registry.scrape());
    } catch (IOException impossible) { // nothing is written but to memory
      throw new UncheckedIOException(impossible);
    }
    return page.toByteArray();
  }

  private static double seconds(Duration took) {
    return took.toNanos() / NANOS_PER_SECOND;
  }
}
