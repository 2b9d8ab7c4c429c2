package io.volant.deployment;

import io.volant.model.VmId;
import java.time.Instant;

/** What a deployment does next. */
sealed interface Action {

  // --- notes of what was seen ---

  /** The VM for a place is there. */
  record NoteMade(int number, VmId vmId) implements Action {}

  /** The VM at a place is not there any more. */
  record NoteGone(int number) implements Action {}

  /** The VM at a place crashed, or cannot be made. */
  record NoteFailed(int number, String reason) implements Action {}

  /** The VM at a place has been healthy for long enough. */
  record NoteSteady(int number) implements Action {}

  // --- what is to be done ---

  /** Make a VM of this revision. */
  record Create(int number, int revision) implements Action {}

  /** Delete the VM at a place. */
  record Delete(int number, DeploymentEvent.Why why) implements Action {}

  /** Start the VM at a place, which somebody stopped. */
  record Start(int number) implements Action {}

  /** Nothing until then, unless something is seen before. */
  record Wait(Instant until) implements Action {}

  // --- what is to be said ---

  /** The rollout stops. */
  record DeclareFailed(String reason) implements Action {}

  /** The rollout is through. */
  record DeclareComplete() implements Action {}

  /** The deployment is gone. */
  record DeclareDeleted() implements Action {}
}
