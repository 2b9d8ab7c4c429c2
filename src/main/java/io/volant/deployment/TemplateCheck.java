package io.volant.deployment;

import java.util.Optional;

/** Whether VMs can be made from a config, as far as that can be told beforehand. */
@FunctionalInterface
public interface TemplateCheck {

  /** Why the VMs of the deployment with this name cannot be made from it; empty: they can. */
  Optional<DeploymentReply.Refused> problemOf(String deployment, VmTemplate config);
}
