package io.volant.deployment;

import io.volant.model.Asker;
import io.volant.model.VmId;

/** What a deployment tells the host, or wants of it. All may be repeated. */
public sealed interface DeploymentNotice {

  /** The deployment's name. */
  String name();

  /** Its journal has been read; it waits for {@link DeploymentCommand.Begin}. */
  record Recovered(String name) implements DeploymentNotice {}

  /**
   * A VM shall be made; unless the one that this asker wanted is there already, or on its way. It
   * is answered with Seen, or with NotMade.
   */
  record VmWanted(String name, int number, VmTemplate config, Asker asker)
      implements DeploymentNotice {}

  /** What became of the VM that was wanted by the event {@code cause}? It is wanted no more. */
  record VmMissed(String name, int number, String cause) implements DeploymentNotice {}

  /** The VM with this id shall be deleted. It is answered with Vanished. */
  record VmUnwanted(String name, int number, VmId vmId, Asker asker) implements DeploymentNotice {}

  /** The VM with this id shall be started. */
  record VmAtRest(String name, VmId vmId, Asker asker) implements DeploymentNotice {}
}
