package io.volant.adapter.simulated;

import io.volant.network.HostNetwork;
import io.volant.network.NetworkSpec;
import io.volant.vm.Taps;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;

/** The network devices of a simulated host. */
public final class SimulatedTaps implements Taps, HostNetwork {

  private final SimulatedWorld world;

  public SimulatedTaps(SimulatedWorld world) {
    this.world = world;
  }

  @Override
  public CompletionStage<Done> ensure(String tap, String bridge) {
    world.add("tap " + tap);
    return done();
  }

  @Override
  public CompletionStage<Done> remove(String tap) {
    world.remove("tap " + tap);
    return done();
  }

  @Override
  public CompletionStage<Done> ensure(NetworkSpec spec) {
    return done();
  }

  @Override
  public CompletionStage<Done> remove(NetworkSpec spec) {
    return done();
  }

  private static CompletionStage<Done> done() {
    return CompletableFuture.completedFuture(Done.getInstance());
  }
}
