package io.volant.host;

import io.volant.deployment.DeploymentDirectory;
import io.volant.deployment.DeploymentSettings;
import io.volant.network.HostNetwork;
import io.volant.network.NetworkSpec;
import io.volant.plugin.PluginDirectory;
import io.volant.vm.VmDirectory;
import io.volant.vm.VmPorts;
import io.volant.vm.VmSettings;
import java.time.Clock;

/** What the actor tree of a host is given. */
public record HostPorts(
    VmPorts vm,
    VmSettings vmSettings,
    HostNetwork network,
    NetworkSpec networkSpec,
    DeploymentSettings deploymentSettings,
    Directories directories,
    HostIdentity identity,
    Clock clock) {

  /** Where the present state of things is shown to the HTTP edge. */
  public record Directories(
      VmDirectory vms, PluginDirectory plugins, DeploymentDirectory deployments) {}

  /**
   * Who this host is.
   *
   * @param number 0 to 2^21-1, another one for each host of a fleet
   * @param capacity what it has
   */
  public record HostIdentity(int number, HostCapacity capacity) {}
}
