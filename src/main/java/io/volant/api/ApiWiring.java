package io.volant.api;

import io.volant.manifest.ManifestReader;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.stream.SharedKillSwitch;

/**
 * Puts the API together.
 *
 * @param streams ends the answers that have no end
 * @param listenAddress where the API listens, known once it does
 */
record ApiWiring(
    ActorSystem<?> system,
    ApiSettings settings,
    ApiParts parts,
    SharedKillSwitch streams,
    Supplier<String> listenAddress) {

  Edge edge() {
    JsonBody bodies = new JsonBody(system, settings.limits().bodyBytesMax());
    Gate gate = new Gate(settings.access());
    LogFanout.Door logs = LogFanout.start(system, parts, settings.limits().loggedVmsMax());
    MetricsRoutes.showVms(parts.vms(), parts.watching());
    parts.watching().metrics().showLogs(logs.numbers());
    Edge.Doormen doormen =
        new Edge.Doormen(
            system,
            gate,
            new Cors(settings.access().corsOrigins()),
            new RateLimiter(settings.limits().rate(), System::nanoTime));
    LongChanges longOnes = new LongChanges(bodies, settings.patience().accepted(), parts.clock());
    OnceOnly once =
        new OnceOnly(system, parts.once(), bodies, settings.patience().work(), parts.clock());
    return new Edge(
        doormen,
        endpoints(gate, bodies, longOnes, logs),
        new Edge.Changes(once, longOnes),
        bodies,
        parts.watching().metrics());
  }

  /** Every operation that there is. */
  List<Endpoint> endpoints(Gate gate, JsonBody bodies, LongChanges longOnes, LogFanout.Door logs) {
    ApiSettings.Patience patience = settings.patience();
    ApiDocument document = new ApiDocument();
    ManifestReader manifests = new ManifestReader();
    HostDesk desk = new HostDesk(system, parts.host(), patience);
    VmJson vmJson = new VmJson(settings.identity().hostName());
    VmRequestReader requests = new VmRequestReader(document, manifests);
    VmStories stories = new VmStories(system, parts);
    List<Endpoint> endpoints = new ArrayList<>();
    endpoints.addAll(
        new SystemRoutes(
                parts,
                settings,
                listenAddress,
                system.dispatchers().lookup(DispatcherSelector.blocking()),
                document)
            .endpoints());
    endpoints.addAll(
        new VmRoutes(desk, parts.vms(), vmJson, bodies, requests, stories).endpoints());
    endpoints.addAll(new PluginArtifactRoutes(desk, parts.plugins(), bodies, document).endpoints());
    endpoints.addAll(new VmConfigRoutes(desk, parts.vms(), bodies, requests, stories).endpoints());
    endpoints.addAll(
        new PluginRoutes(desk, parts.plugins(), bodies, manifests, document).endpoints());
    AgentHeaders headers = new AgentHeaders(gate);
    WorkloadDesk workloads =
        new WorkloadDesk(parts.guest(), headers, new AgentExchange(system), patience.agentAnswer());
    WorkloadSockets sockets =
        new WorkloadSockets(
            parts.guest(), headers, new SocketExchange(system), patience.agentAnswer(), streams);
    endpoints.addAll(new AgentRoutes(parts.vms(), workloads, sockets).endpoints());
    endpoints.addAll(new DevToolsRoutes(parts.vms(), sockets).endpoints());
    Executor blocking = system.dispatchers().lookup(DispatcherSelector.blocking());
    endpoints.addAll(
        new DeploymentRoutes(
                desk,
                parts.deployments(),
                new DeploymentJson(parts.vms()),
                new DeploymentRequestReader(document, requests),
                bodies)
            .endpoints());
    endpoints.addAll(
        new WorkloadApiRoutes(
                parts.vms(), parts.plugins(), workloads, new Descriptions(system, blocking))
            .endpoints());
    endpoints.addAll(new ActionRoutes(parts.vms(), parts.plugins(), workloads, system).endpoints());
    endpoints.addAll(new VmInsightRoutes(parts).endpoints());
    endpoints.addAll(new LogRoutes(parts, patience, streams).endpoints());
    endpoints.addAll(new TunnelRoutes(parts, streams).endpoints());
    endpoints.addAll(new ConsoleRoutes(system, parts, streams).endpoints());
    endpoints.addAll(new ExecRoutes(system, parts, bodies, document, streams).endpoints());
    endpoints.addAll(new FileRoutes(parts).endpoints());
    endpoints.addAll(new RequestRoutes(longOnes).endpoints());
    endpoints.addAll(
        new MetricsRoutes(
                parts.watching().metrics(),
                system.dispatchers().lookup(DispatcherSelector.blocking()))
            .endpoints());
    endpoints.addAll(new UsageRoutes(parts, blocking).endpoints());
    endpoints.addAll(new VmStoryRoutes(stories).endpoints());
    endpoints.addAll(new EventRoutes(parts.events(), patience, streams, logs).endpoints());
    McpTools tools = new McpTools(system, List.copyOf(endpoints), settings.mcpWrites());
    endpoints.addAll(new McpRoutes(bodies, tools, settings.identity().version()).endpoints());
    endpoints.addAll(new McpCommands(bodies, tools, settings.identity().version()).endpoints());
    return endpoints;
  }
}
