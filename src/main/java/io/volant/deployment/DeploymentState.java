package io.volant.deployment;

/** The state of a deployment's actor: nothing, or a {@link Deployment}. Pure: a fold of events. */
public sealed interface DeploymentState permits DeploymentState.Absent, Deployment {

  /** The state after {@code event}; an event that does not fit is a bug and throws. */
  DeploymentState on(DeploymentEvent event);

  /** There is none, or no more. */
  record Absent() implements DeploymentState {
    @Override
    public DeploymentState on(DeploymentEvent event) {
      if (event instanceof DeploymentEvent.Created created) {
        return Deployment.created(created);
      }
      throw new IllegalStateException(event.type() + " before deployment.created");
    }
  }
}
