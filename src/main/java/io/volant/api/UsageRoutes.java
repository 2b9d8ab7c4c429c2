package io.volant.api;

import com.fasterxml.jackson.core.JsonGenerator;
import io.volant.metrics.VmUsageProbe;
import io.volant.vm.Vm;
import io.volant.vm.VmConfig;
import io.volant.vm.VmDirectory;
import io.volant.vm.VmHandle;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/** {@code /api/v1/system/usage}: what each VM has used of the host so far. */
final class UsageRoutes {

  private final VmDirectory vms;
  private final VmUsageProbe probe;
  private final Clock clock;
  private final Executor blocking;

  /** A VM and what it has used. */
  record Used(Vm vm, VmUsageProbe.Usage usage) {}

  /**
   * @param blocking for what reads files
   */
  UsageRoutes(ApiParts parts, Executor blocking) {
    this.vms = parts.vms();
    this.probe = parts.watching().usage();
    this.clock = parts.clock();
    this.blocking = blocking;
  }

  List<Endpoint> endpoints() {
    return List.of(Endpoint.get("/api/v1/system/usage", this::usage));
  }

  private CompletionStage<HttpResponse> usage(Call call) {
    return CompletableFuture.supplyAsync(
        () -> {
          Instant at = clock.instant();
          List<Used> all = all(vms, probe);
          return Answers.ok(json -> write(json, at, all));
        },
        blocking);
  }

  /** All VMs that have a process; reads files. */
  static List<Used> all(VmDirectory vms, VmUsageProbe probe) {
    List<Used> used = new ArrayList<>();
    for (Vm vm : vms.all()) {
      of(vm, probe).ifPresent(usage -> used.add(new Used(vm, usage)));
    }
    return used;
  }

  private static Optional<VmUsageProbe.Usage> of(Vm vm, VmUsageProbe probe) {
    VmHandle handle = vm.handle();
    if (handle == null || handle.pid() <= 0) {
      return Optional.empty();
    }
    String tap =
        switch (vm.config().config().network()) {
          case VmConfig.NetworkMode.BRIDGED -> vm.id().tapName();
          case VmConfig.NetworkMode.VSOCK -> "";
        };
    return probe.of(handle.pid(), tap);
  }

  private static void write(JsonGenerator json, Instant at, List<Used> all) throws IOException {
    json.writeStartObject();
    json.writeStringField("at", Text.time(at));
    json.writeArrayFieldStart("vms");
    for (Used one : all) {
      json.writeStartObject();
      json.writeStringField("name", one.vm().name());
      json.writeStringField("status", VmStatus.of(one.vm().phase()).text());
      json.writeNumberField("cpu_cores", one.vm().config().config().machine().cpuCores());
      json.writeNumberField("memory_mb", one.vm().config().config().machine().memoryMib());
      json.writeNumberField("cpu_seconds", one.usage().cpuSeconds());
      json.writeNumberField("resident_bytes", one.usage().residentBytes());
      json.writeNumberField("received_bytes", one.usage().receivedBytes());
      json.writeNumberField("sent_bytes", one.usage().sentBytes());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }
}
