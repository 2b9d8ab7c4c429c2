package io.volant.network;

import org.jspecify.annotations.Nullable;

/** All that a network's actor can receive. */
sealed interface NetworkMessage permits NetworkCommand, NetworkMessage.BridgeTold {

  /** The host's side is up, or why it is not. */
  record BridgeTold(@Nullable String failure) implements NetworkMessage {}
}
