package io.volant.vm;

import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;

/** The VMs' network devices on the host. Both calls may be repeated. */
public interface Taps {

  /** Sees to it that the tap exists, is up and joined to the bridge. */
  CompletionStage<Done> ensure(String tap, String bridge);

  /** Sees to it that the tap does not exist. */
  CompletionStage<Done> remove(String tap);
}
