package io.volant.host;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import io.volant.journal.JournalEvent;
import io.volant.model.Stamp;
import io.volant.model.VmId;

/** What the host remembers: which names belong to whom. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(HostEvent.VmRegistered.class),
  @JsonSubTypes.Type(HostEvent.VmForgotten.class),
  @JsonSubTypes.Type(HostEvent.PluginRegistered.class),
  @JsonSubTypes.Type(HostEvent.DeploymentRegistered.class),
})
public sealed interface HostEvent extends JournalEvent {

  /** This name belongs to this VM, which is about to be created. */
  @JsonTypeName("host.vm_registered")
  record VmRegistered(Stamp stamp, VmId vmId, long sequence, String vmName) implements HostEvent {}

  /** The VM is gone, or never came to be: its name is free. */
  @JsonTypeName("host.vm_forgotten")
  record VmForgotten(Stamp stamp, VmId vmId) implements HostEvent {}

  /** There is, or was, or soon will be, a plugin with this name: its actor knows. */
  @JsonTypeName("host.plugin_registered")
  record PluginRegistered(Stamp stamp, String pluginName) implements HostEvent {}

  /** There is, or was, or soon will be, a deployment with this name: its actor knows. */
  @JsonTypeName("host.deployment_registered")
  record DeploymentRegistered(Stamp stamp, String deploymentName) implements HostEvent {}
}
