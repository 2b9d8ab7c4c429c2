package io.volant.deployment;

import java.util.List;

/** What follows from what was asked. */
sealed interface Decision {

  /** These have happened; none: it is so already. */
  record Facts(List<Fact> facts) implements Decision {
    public Facts {
      facts = List.copyOf(facts);
    }
  }

  /** It is refused. */
  record Refusal(DeploymentReply.Refused reply) implements Decision {}

  static Decision facts(Fact... facts) {
    return new Facts(List.of(facts));
  }

  static Decision refusal(DeploymentReply.Reason reason, String message) {
    return new Refusal(DeploymentReply.Refused.of(reason, message));
  }
}
