package io.volant.host;

import io.volant.model.VmId;
import org.pcollections.HashTreePMap;
import org.pcollections.HashTreePSet;
import org.pcollections.PMap;
import org.pcollections.PSet;

/**
 * The registry of names. Pure: changes only by events.
 *
 * @param lastSequence the latest VM's place in this host's sequence; ids are never used twice
 * @param idsByName who has a name now
 * @param namesById the other way round
 * @param plugins the names that plugins have, or had
 * @param deployments the names that deployments have, or had
 */
public record HostState(
    long lastSequence,
    PMap<String, VmId> idsByName,
    PMap<VmId, String> namesById,
    PSet<String> plugins,
    PSet<String> deployments) {

  static HostState empty() {
    return new HostState(
        0, HashTreePMap.empty(), HashTreePMap.empty(), HashTreePSet.empty(), HashTreePSet.empty());
  }

  /** The state after {@code event}. */
  HostState on(HostEvent event) {
    return switch (event) {
      case HostEvent.VmRegistered(_, var vmId, var sequence, var name) ->
          new HostState(
              Math.max(lastSequence, sequence),
              idsByName.plus(name, vmId),
              namesById.plus(vmId, name),
              plugins,
              deployments);
      case HostEvent.VmForgotten(_, var vmId) -> forgotten(vmId);
      case HostEvent.PluginRegistered(_, var name) ->
          new HostState(lastSequence, idsByName, namesById, plugins.plus(name), deployments);
      case HostEvent.DeploymentRegistered(_, var name) ->
          new HostState(lastSequence, idsByName, namesById, plugins, deployments.plus(name));
    };
  }

  private HostState forgotten(VmId vmId) {
    String name = namesById.get(vmId);
    if (name == null) {
      return this;
    }
    return new HostState(
        lastSequence, idsByName.minus(name), namesById.minus(vmId), plugins, deployments);
  }
}
