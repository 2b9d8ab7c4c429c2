package io.volant.api;

import com.fasterxml.jackson.core.JsonGenerator;
import io.volant.model.Lease;
import io.volant.vm.Intent;
import io.volant.vm.Phase;
import io.volant.vm.RestartPolicy;
import io.volant.vm.Restarts;
import io.volant.vm.Timeline;
import io.volant.vm.Vm;
import io.volant.vm.VmConfig;
import io.volant.vm.VmExit;
import io.volant.vm.VmHandle;
import java.io.IOException;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Writes a VM as the API shows it. A field without a value is left out, never null. */
final class VmJson {

  private final String hostName;

  VmJson(String hostName) {
    this.hostName = hostName;
  }

  void write(JsonGenerator json, Vm vm) throws IOException {
    VmConfig config = vm.config().config();
    Phase phase = vm.phase();
    json.writeStartObject();
    json.writeNumberField("id", vm.id().value());
    json.writeStringField("name", vm.name());
    json.writeStringField("status", VmStatus.of(phase).text());
    String reason = reason(phase);
    if (!reason.isEmpty()) {
      json.writeStringField("reason", reason);
    }
    json.writeStringField("health", health(phase));
    json.writeStringField("plugin", config.plugin().name());
    json.writeStringField("runtime", config.plugin().runtime());
    json.writeStringField("host", hostName);
    writeAddresses(json, vm);
    json.writeNumberField("cpu_cores", config.machine().cpuCores());
    json.writeNumberField("memory_mb", config.machine().memoryMib());
    json.writeStringField("kernel_cmdline", config.machine().kernelCmdline());
    json.writeStringField("serial_socket", "");
    Optional<Long> bootMs = bootMs(vm.timeline());
    if (bootMs.isPresent()) {
      json.writeNumberField("boot_ms", bootMs.get());
    }
    writeRestart(json, vm.intent());
    writeExit(json, vm);
    json.writeStringField("created_at", Text.time(vm.identity().createdAt()));
    json.writeStringField("updated_at", Text.time(vm.updatedAt()));
    json.writeEndObject();
  }

  /** The VM's address; empty while it has none. */
  static String ipAddress(Vm vm) {
    Lease lease = vm.holdings().lease();
    return lease == null ? "" : lease.ipAddress();
  }

  private static void writeAddresses(JsonGenerator json, Vm vm) throws IOException {
    VmHandle handle = vm.handle();
    if (handle != null && handle.pid() > 0) {
      json.writeNumberField("pid", handle.pid());
    }
    json.writeStringField("ip_address", ipAddress(vm));
    json.writeStringField("mac_address", macAddress(vm));
    json.writeNumberField("vsock_cid", 0);
  }

  private static String macAddress(Vm vm) {
    return switch (vm.config().config().network()) {
      case BRIDGED -> {
        Lease lease = vm.holdings().lease();
        yield lease == null ? vm.id().macAddress() : lease.mac();
      }
      case VSOCK -> "";
    };
  }

  private static void writeRestart(JsonGenerator json, Intent intent) throws IOException {
    RestartPolicy policy = intent.policy();
    if (policy.when() == RestartPolicy.When.NO) {
      return;
    }
    json.writeObjectFieldStart("restart");
    json.writeStringField("policy", policy.when().text());
    json.writeNumberField("retries", intent.restarts().retries());
    json.writeNumberField("max_retries", policy.maxRetries());
    Restarts.Due due = intent.restarts().due();
    Instant at = due == null ? null : due.at();
    if (at != null) {
      json.writeStringField("next_at", Text.time(at));
    }
    json.writeEndObject();
  }

  private static void writeExit(JsonGenerator json, Vm vm) throws IOException {
    VmExit exit = exit(vm.phase());
    if (exit == null) {
      return;
    }
    json.writeObjectFieldStart("exit");
    if (exit.code() != null) {
      json.writeNumberField("code", exit.code());
    }
    if (exit.signal() != null) {
      json.writeNumberField("signal", exit.signal());
    }
    json.writeStringField("reason", exit.reason());
    json.writeStringField("at", Text.time(vm.updatedAt()));
    json.writeArrayFieldStart("console");
    for (String line : exit.consoleTail()) {
      json.writeString(line);
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static @Nullable VmExit exit(Phase phase) {
    return switch (phase) {
      case Phase.Stopped(var exit) -> exit;
      case Phase.Crashed(_, var exit) -> exit;
      case Phase.Starting _, Phase.Running _, Phase.Ending _, Phase.Deleted _ -> null;
    };
  }

  private static String reason(Phase phase) {
    return switch (phase) {
      case Phase.Running running -> running.detail() == null ? "" : running.detail();
      case Phase.Ending ending -> ending.trouble() == null ? ending.reason() : ending.trouble();
      case Phase.Crashed(var reason, _) -> reason;
      case Phase.Starting _, Phase.Stopped _, Phase.Deleted _ -> "";
    };
  }

  static String health(Phase phase) {
    return phase instanceof Phase.Running running
        ? running.health().name().toLowerCase(Locale.ROOT)
        : "unknown";
  }

  /** From the request to healthy; as long as it was not healthy, to running. */
  static Optional<Long> bootMs(Timeline timeline) {
    Instant requested = null;
    Instant up = null;
    boolean healthy = false;
    for (Timeline.Mark mark : timeline.marks()) {
      switch (mark.step()) {
        case "start_requested" -> requested = mark.at();
        case "running" -> up = healthy ? up : mark.at();
        case "healthy" -> {
          up = mark.at();
          healthy = true;
        }
        default -> {}
      }
    }
    return requested == null || up == null
        ? Optional.empty()
        : Optional.of(Math.max(0, up.toEpochMilli() - requested.toEpochMilli()));
  }
}
