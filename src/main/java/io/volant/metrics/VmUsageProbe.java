package io.volant.metrics;

import java.util.Optional;

/** What a VM's process uses of the host, as far as the host shows it. */
public interface VmUsageProbe {

  /**
   * Looks once; may read files.
   *
   * @param pid the hypervisor's process
   * @param tap its network device; empty: none
   * @return empty when the process is gone
   */
  Optional<Usage> of(long pid, String tap);

  /**
   * What was used since the process began.
   *
   * @param cpuSeconds of processor time
   * @param residentBytes of memory now
   * @param receivedBytes that the guest received
   * @param sentBytes that the guest sent
   */
  record Usage(double cpuSeconds, long residentBytes, long receivedBytes, long sentBytes) {}
}
