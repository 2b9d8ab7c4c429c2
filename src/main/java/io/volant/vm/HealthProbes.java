package io.volant.vm;

import io.volant.model.VmId;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Asks workloads over the network how they are, from the host: for VMs in which no agent does so.
 */
public interface HealthProbes {

  /**
   * What is asked.
   *
   * @param address IPv4 address of the VM
   * @param port 1 to 65535
   * @param path for a GET; null: a TCP connect that succeeds is enough
   * @param timeoutMs for one probe
   */
  record Target(String address, int port, @Nullable String path, int timeoutMs) {}

  /**
   * Probes until {@link #close}, and tells changes only, from another thread. Healthy at the first
   * success, unhealthy after three failures one after the other. A second call for the same VM
   * replaces the first.
   */
  void open(VmId vmId, Target target, Consumer<GuestSignal.HealthChanged> listener);

  /** Ends the probing. Done at once where there is none. */
  void close(VmId vmId);
}
