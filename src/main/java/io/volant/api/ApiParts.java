package io.volant.api;

import io.volant.deployment.DeploymentDirectory;
import io.volant.host.HostCommand;
import io.volant.idempotency.IdempotencyCommand;
import io.volant.journal.EventFeed;
import io.volant.journal.History;
import io.volant.metrics.Metrics;
import io.volant.metrics.VmUsageProbe;
import io.volant.plugin.PluginDirectory;
import io.volant.vm.Guest;
import io.volant.vm.SerialConsole;
import io.volant.vm.VmDirectory;
import io.volant.vm.VmHandle;
import java.time.Clock;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * What the API stands on.
 *
 * @param host who decides
 * @param vms the VMs as they are
 * @param plugins the plugins as they are
 * @param deployments the deployments as they are
 * @param events all that happened
 * @param history the same, read thing by thing
 * @param guest the way into the VMs
 * @param consoles the serial consoles of running VMs
 * @param once who remembers what was done under which key
 * @param clock what time it is
 * @param hostNumber which host this is
 * @param watching the numbers that operators watch
 */
public record ApiParts(
    ActorRef<HostCommand> host,
    VmDirectory vms,
    PluginDirectory plugins,
    DeploymentDirectory deployments,
    EventFeed events,
    History history,
    Guest guest,
    Function<VmHandle, SerialConsole> consoles,
    ActorRef<IdempotencyCommand> once,
    Clock clock,
    int hostNumber,
    Watching watching) {

  /**
   * What operators watch.
   *
   * @param metrics what is counted
   * @param usage what VMs use of the host
   */
  public record Watching(Metrics metrics, VmUsageProbe usage) {}
}
