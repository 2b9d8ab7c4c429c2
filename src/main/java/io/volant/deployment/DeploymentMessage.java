package io.volant.deployment;

/** All that a deployment's actor can receive. */
sealed interface DeploymentMessage permits DeploymentCommand, DeploymentMessage.Alarm {

  /** It is time to look again. */
  enum Alarm implements DeploymentMessage {
    /** Something may have become due. */
    DUE,
    /** What was asked of the host and has not come is asked again. */
    REDO
  }
}
