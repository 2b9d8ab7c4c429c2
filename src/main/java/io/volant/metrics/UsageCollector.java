package io.volant.metrics;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** What VMs use: looked up once for all of its columns, each time the page is read. */
final class UsageCollector implements MultiCollector {

  private final Supplier<List<Metrics.NamedUsage>> usage;

  UsageCollector(Supplier<List<Metrics.NamedUsage>> usage) {
    this.usage = usage;
  }

  @Override
  public MetricSnapshots collect() {
    List<Metrics.NamedUsage> now = usage.get();
    return MetricSnapshots.of(
        counter(
            "volant_vm_cpu_seconds",
            "Processor time of the hypervisor.",
            now,
            VmUsageProbe.Usage::cpuSeconds),
        counter(
            "volant_vm_received_bytes",
            "Bytes that the guest received.",
            now,
            used -> (double) used.receivedBytes()),
        counter(
            "volant_vm_sent_bytes",
            "Bytes that the guest sent.",
            now,
            used -> (double) used.sentBytes()),
        resident(now));
  }

  private static CounterSnapshot counter(
      String name,
      String help,
      List<Metrics.NamedUsage> now,
      ToDoubleFunction<VmUsageProbe.Usage> number) {
    CounterSnapshot.Builder column = CounterSnapshot.builder().name(name).help(help);
    for (Metrics.NamedUsage one : now) {
      column.dataPoint(
          CounterDataPointSnapshot.builder()
              .labels(Labels.of("vm", one.vm()))
              .value(number.applyAsDouble(one.usage()))
              .build());
    }
    return column.build();
  }

  private static GaugeSnapshot resident(List<Metrics.NamedUsage> now) {
    GaugeSnapshot.Builder column =
        GaugeSnapshot.builder()
            .name("volant_vm_resident_bytes")
            .help("Memory of the hypervisor that is resident on the host.");
    for (Metrics.NamedUsage one : now) {
      column.dataPoint(
          GaugeDataPointSnapshot.builder()
              .labels(Labels.of("vm", one.vm()))
              .value((double) one.usage().residentBytes())
              .build());
    }
    return column.build();
  }
}
