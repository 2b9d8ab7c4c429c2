package io.volant.adapter.simulated;

import io.volant.model.VmId;
import io.volant.vm.CommandInput;
import io.volant.vm.CommandOutput;
import io.volant.vm.Guest;
import io.volant.vm.GuestCommand;
import io.volant.vm.GuestException;
import io.volant.vm.GuestLogLine;
import io.volant.vm.GuestSignal;
import io.volant.vm.LinkAddress;
import io.volant.vm.VmExit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/** The agents of a simulated host: they report, and have nothing inside to talk to. */
public final class SimulatedGuest implements Guest {

  private final SimulatedWorld world;

  public SimulatedGuest(SimulatedWorld world) {
    this.world = world;
  }

  @Override
  public void open(VmId vmId, LinkAddress address, Consumer<GuestSignal> listener) {
    world.listen(vmId, listener);
  }

  @Override
  public void close(VmId vmId) {
    world.ignore(vmId);
  }

  @Override
  public CompletionStage<Done> shutdown(VmId vmId) {
    Optional<SimulatedVm> vm = world.find(vmId);
    if (vm.isEmpty() || !vm.get().isReady) {
      return CompletableFuture.failedFuture(new GuestException("the guest is not up"));
    }
    long shutdownMs = vm.get().behaviour.shutdownMs();
    if (shutdownMs >= 0) {
      VmExit exit = new VmExit(0, null, "the guest powered off", List.of());
      world.later(shutdownMs, () -> world.end(vmId, exit));
    }
    return CompletableFuture.completedFuture(Done.getInstance());
  }

  @Override
  public CompletionStage<Flow<ByteString, ByteString, NotUsed>> tunnel(VmId vmId, int port) {
    return CompletableFuture.failedFuture(
        new GuestException("a simulated guest has nothing that listens on port " + port));
  }

  @Override
  public CompletionStage<Source<GuestLogLine, NotUsed>> logs(
      VmId vmId, long fromSequence, boolean follow) {
    if (world.find(vmId).isEmpty()) {
      return CompletableFuture.failedFuture(new GuestException("the guest is not up"));
    }
    GuestLogLine only = new GuestLogLine(1, 1, "kestrel", "this guest is simulated");
    return CompletableFuture.completedFuture(
        fromSequence <= only.sequence() ? Source.from(List.of(only)) : Source.empty());
  }

  @Override
  public CompletionStage<Flow<CommandInput, CommandOutput, NotUsed>> exec(
      VmId vmId, GuestCommand command) {
    return world.find(vmId).isEmpty()
        ? CompletableFuture.failedFuture(new GuestException("the guest is not up"))
        : CompletableFuture.completedFuture(SimulatedCommand.of(command));
  }

  @Override
  public CompletionStage<Source<ByteString, NotUsed>> readFiles(
      VmId vmId, String path, boolean follow) {
    return CompletableFuture.failedFuture(noFiles());
  }

  @Override
  public CompletionStage<Done> writeFiles(
      VmId vmId, String folder, boolean makeFolder, Source<ByteString, ?> archive) {
    return CompletableFuture.failedFuture(noFiles());
  }

  private static GuestException noFiles() {
    return new GuestException(
        GuestException.Reason.PATH_NOT_FOUND, "a simulated guest has no files");
  }
}
