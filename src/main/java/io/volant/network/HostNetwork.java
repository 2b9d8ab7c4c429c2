package io.volant.network;

import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;

/** The port to the host's own networking: bridge, forwarding, address translation. */
public interface HostNetwork {

  /**
   * Sees to it that the bridge is up with its address, and that our own nftables table forwards and
   * translates for the subnet. May be repeated; touches nothing that is not ours.
   *
   * @return done, or a failure that tells what is missing (root, a program) and how to get it
   */
  CompletionStage<Done> ensure(NetworkSpec spec);

  /** Removes what {@link #ensure} made for this network. */
  CompletionStage<Done> remove(NetworkSpec spec);
}
