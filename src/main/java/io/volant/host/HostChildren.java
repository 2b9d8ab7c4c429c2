package io.volant.host;

import io.volant.deployment.DeploymentActor;
import io.volant.deployment.DeploymentCommand;
import io.volant.deployment.DeploymentNotice;
import io.volant.deployment.TemplateCheck;
import io.volant.model.VmId;
import io.volant.network.NetworkActor;
import io.volant.network.NetworkCommand;
import io.volant.plugin.PluginActor;
import io.volant.plugin.PluginCommand;
import io.volant.plugin.PluginNotice;
import io.volant.vm.VmActor;
import io.volant.vm.VmCommand;
import io.volant.vm.VmNotice;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** The host's child actors: spawns and supervises them, and knows where they are. */
final class HostChildren {

  private static final Duration RESTART_MIN = Duration.ofMillis(200);
  private static final Duration RESTART_MAX = Duration.ofSeconds(30);
  private static final String NETWORK = "default";

  private final ActorContext<HostMessage> context;
  private final HostPorts ports;
  private final ActorRef<VmNotice> vmNotices;
  private final ActorRef<PluginNotice> pluginNotices;
  private final ActorRef<DeploymentNotice> deploymentNotices;
  private final TemplateCheck templateCheck;
  private final ActorRef<NetworkCommand> network;
  private final Map<VmId, ActorRef<VmCommand>> vms = new HashMap<>();
  private final Map<String, ActorRef<PluginCommand>> plugins = new HashMap<>();
  private final Map<String, ActorRef<DeploymentCommand>> deployments = new HashMap<>();

  HostChildren(ActorContext<HostMessage> context, HostPorts ports) {
    this.context = context;
    this.ports = ports;
    this.vmNotices = context.messageAdapter(VmNotice.class, HostMessage.FromVm::new);
    this.pluginNotices = context.messageAdapter(PluginNotice.class, HostMessage.FromPlugin::new);
    this.deploymentNotices =
        context.messageAdapter(DeploymentNotice.class, HostMessage.FromDeployment::new);
    this.templateCheck = Replicas.check(ports.directories().plugins(), ports.identity().capacity());
    this.network =
        context.spawn(
            supervised(NetworkActor.create(NETWORK, ports.network(), ports.clock())),
            "network-" + NETWORK);
    network.tell(new NetworkCommand.Define(ports.networkSpec()));
  }

  ActorRef<NetworkCommand> network() {
    return network;
  }

  /** The actor of a VM, spawned if need be. */
  ActorRef<VmCommand> vm(VmId vmId, String name) {
    return vms.computeIfAbsent(
        vmId,
        id -> {
          VmActor.Place place =
              new VmActor.Place(
                  id,
                  name,
                  ports.directories().vms(),
                  vmNotices,
                  ports.clock(),
                  () -> ThreadLocalRandom.current().nextDouble());
          return context.spawn(
              supervised(VmActor.create(place, ports.vm(), ports.vmSettings())), "vm-" + id);
        });
  }

  /** The actor of a VM that there is. */
  Optional<ActorRef<VmCommand>> vm(VmId vmId) {
    return Optional.ofNullable(vms.get(vmId));
  }

  void stopVm(VmId vmId) {
    ActorRef<VmCommand> vm = vms.remove(vmId);
    if (vm != null) {
      context.stop(vm);
    }
  }

  /** The actor of a plugin, spawned if need be; it stays when the plugin is removed. */
  ActorRef<PluginCommand> plugin(String name) {
    return plugins.computeIfAbsent(
        name,
        key ->
            context.spawn(
                supervised(PluginActor.create(key, pluginNotices, ports.clock())),
                "plugin-" + HexFormat.of().formatHex(key.getBytes(StandardCharsets.UTF_8))));
  }

  /** The actor of a deployment, spawned if need be; it stays when the deployment is deleted. */
  ActorRef<DeploymentCommand> deployment(String name) {
    return deployments.computeIfAbsent(
        name,
        key -> {
          DeploymentActor.Place place =
              new DeploymentActor.Place(
                  key,
                  ports.directories().deployments(),
                  deploymentNotices,
                  templateCheck,
                  ports.clock(),
                  () -> ThreadLocalRandom.current().nextDouble());
          return context.spawn(
              supervised(DeploymentActor.create(place, ports.deploymentSettings())),
              "deployment-" + key);
        });
  }

  private static <T> Behavior<T> supervised(Behavior<T> behavior) {
    return Behaviors.supervise(behavior)
        .onFailure(SupervisorStrategy.restartWithBackoff(RESTART_MIN, RESTART_MAX, 0.1));
  }
}
