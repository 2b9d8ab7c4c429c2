package io.volant.deployment;

import io.volant.model.Stamp;

/** An event that was decided, but for its stamp. */
@FunctionalInterface
interface Fact {
  DeploymentEvent stamped(Stamp stamp);
}
