package io.volant.api;

import io.volant.model.VmId;
import io.volant.vm.CommandInput;
import io.volant.vm.CommandOutput;
import io.volant.vm.Guest;
import io.volant.vm.GuestCommand;
import io.volant.vm.GuestException;
import io.volant.vm.GuestLogLine;
import io.volant.vm.GuestSignal;
import io.volant.vm.LinkAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.javadsl.Tcp;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * The simulated guest, with tunnels that lead to a real socket, archives that stay where they were
 * put, and two more commands: {@code die} ends by a signal, {@code hang} not at all.
 */
final class TunnelingGuest implements Guest {
  private final Guest inner;
  private final Supplier<@Nullable Integer> workloadPort;
  private final Supplier<ActorSystem<?>> system;
  private final Map<String, ByteString> archives = new ConcurrentHashMap<>();
  private final List<GuestCommand> commands = new CopyOnWriteArrayList<>();
  private final LiveLogs live = new LiveLogs();

  TunnelingGuest(
      Guest inner, Supplier<ActorSystem<?>> system, Supplier<@Nullable Integer> workloadPort) {
    this.inner = inner;
    this.system = system;
    this.workloadPort = workloadPort;
  }

  /** The commands that were to be run. */
  List<GuestCommand> commands() {
    return commands;
  }

  /** What guests say while somebody follows. */
  LiveLogs live() {
    return live;
  }

  @Override
  public void open(VmId vmId, LinkAddress address, Consumer<GuestSignal> listener) {
    inner.open(vmId, address, listener);
  }

  @Override
  public void close(VmId vmId) {
    inner.close(vmId);
  }

  @Override
  public CompletionStage<Done> shutdown(VmId vmId) {
    return inner.shutdown(vmId);
  }

  @Override
  public CompletionStage<Flow<ByteString, ByteString, NotUsed>> tunnel(VmId vmId, int port) {
    Integer to = workloadPort.get();
    if (to == null) {
      return CompletableFuture.failedFuture(
          new GuestException("port " + port + " in the guest refused the connection"));
    }
    Flow<ByteString, ByteString, ?> tcp = Tcp.get(system.get()).outgoingConnection("127.0.0.1", to);
    return CompletableFuture.completedFuture(tcp.mapMaterializedValue(_ -> NotUsed.getInstance()));
  }

  @Override
  public CompletionStage<Source<GuestLogLine, NotUsed>> logs(
      VmId vmId, long fromSequence, boolean follow) {
    if (follow && live.isOn()) {
      return CompletableFuture.completedFuture(live.follow(vmId, fromSequence, system.get()));
    }
    return CompletableFuture.completedFuture(
        Source.range(0, 2)
            .map(n -> new GuestLogLine(n, 100L * n, "stdout", "line " + n))
            .filter(line -> line.sequence() >= fromSequence));
  }

  @Override
  public CompletionStage<Flow<CommandInput, CommandOutput, NotUsed>> exec(
      VmId vmId, GuestCommand command) {
    commands.add(command);
    return switch (command.words().getFirst()) {
      case "die" -> saying(List.of(new CommandOutput.Started(1), new CommandOutput.Killed(9)));
      case "hang" -> saying(List.of());
      default -> inner.exec(vmId, command);
    };
  }

  private static CompletionStage<Flow<CommandInput, CommandOutput, NotUsed>> saying(
      List<CommandOutput> words) {
    Source<CommandOutput, ?> said =
        words.isEmpty() ? Source.maybe() : Source.from(words).mapMaterializedValue(it -> it);
    return CompletableFuture.completedFuture(
        Flow.fromSinkAndSourceCoupled(Sink.<CommandInput>ignore(), said));
  }

  @Override
  public CompletionStage<Source<ByteString, NotUsed>> readFiles(
      VmId vmId, String path, boolean follow) {
    ByteString archive = archives.get(path);
    return archive == null
        ? inner.readFiles(vmId, path, follow)
        : CompletableFuture.completedFuture(Source.single(archive));
  }

  @Override
  public CompletionStage<Done> writeFiles(
      VmId vmId, String folder, boolean makeFolder, Source<ByteString, ?> archive) {
    if (!makeFolder) {
      archive.runWith(Sink.cancelled(), system.get());
      return inner.writeFiles(vmId, folder, makeFolder, archive);
    }
    return archive
        .runFold(ByteString.emptyByteString(), ByteString::concat, system.get())
        .thenApply(whole -> {
          archives.put(folder, whole);
          return Done.getInstance();
        });
  }
}
