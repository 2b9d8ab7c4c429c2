package io.volant.api;

import io.volant.deployment.DeploymentDirectory;
import io.volant.host.HostCommand;
import io.volant.journal.EventFeed;
import io.volant.plugin.PluginDirectory;
import io.volant.vm.Guest;
import io.volant.vm.VmDirectory;
import java.time.Clock;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * What the API stands on.
 *
 * @param host who decides
 * @param vms the VMs as they are
 * @param plugins the plugins as they are
 * @param deployments the deployments as they are
 * @param events all that happened
 * @param guest the way into the VMs
 * @param clock what time it is
 */
public record ApiParts(
    ActorRef<HostCommand> host,
    VmDirectory vms,
    PluginDirectory plugins,
    DeploymentDirectory deployments,
    EventFeed events,
    Guest guest,
    Clock clock) {}
