package io.volant.adapter.qemu;

import io.volant.adapter.process.ProcessTable;
import io.volant.adapter.process.ProcessTable.ProcessIdentity;
import io.volant.vm.VmExit;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One running QEMU that is watched until its end: our own child, or one that an earlier daemon
 * started. A child's end comes from the operating system with its status. Of another's end the
 * closed control socket tells at once, and a look at /proc makes sure.
 *
 * <p>The watch also keeps the control socket connected (QEMU serves one client) and the logs short.
 */
final class QemuProcess {

  private static final Logger LOG = LoggerFactory.getLogger(QemuProcess.class);

  /** How long the end of an adopted process can stay unseen, should its socket not tell. */
  private static final Duration LOOK_INTERVAL = Duration.ofMillis(250);

  private static final Duration RECONNECT_TIMEOUT = Duration.ofSeconds(1);

  /** For the last events on the socket of a process that has ended; they are there already. */
  private static final Duration LAST_EVENTS_TIMEOUT = Duration.ofMillis(700);

  private final ProcessIdentity identity;
  private final RunFiles files;
  private final @Nullable Process child;
  private final ConsoleTape console;
  private final long logBytesMax;
  private final Function<Duration, CompletionStage<QmpClient>> connector;
  private final CompletableFuture<VmExit> exit = new CompletableFuture<>();
  private volatile @Nullable CompletableFuture<QmpClient> connecting;
  private boolean disconnected;

  /**
   * A process that is not yet watched.
   *
   * @param child the process if it is our own child, else null
   * @param connector connects to its control socket within the given time
   */
  QemuProcess(
      ProcessIdentity identity,
      RunFiles files,
      @Nullable Process child,
      long logBytesMax,
      Function<Duration, CompletionStage<QmpClient>> connector) {
    this.identity = identity;
    this.files = files;
    this.console = new ConsoleTape(new RunLog(files.consoleLog()));
    this.child = child;
    this.logBytesMax = logBytesMax;
    this.connector = connector;
  }

  ProcessIdentity identity() {
    return identity;
  }

  RunFiles files() {
    return files;
  }

  /** What its guest prints. */
  ConsoleTape console() {
    return console;
  }

  /** Completes at the end. Never fails. */
  CompletionStage<VmExit> exit() {
    return exit.copy();
  }

  boolean hasEnded() {
    return exit.isDone();
  }

  /**
   * The conversation with it: the one that stands or is being connected, else a new one. There is
   * never a second beside the first, as QEMU would not answer it.
   */
  synchronized CompletionStage<QmpClient> qmp(Duration timeout) {
    CompletableFuture<QmpClient> current = connecting;
    if (disconnected) {
      return CompletableFuture.failedFuture(new QmpException("the driver was closed"));
    }
    if (current == null || isOver(current)) {
      current = connector.apply(timeout).toCompletableFuture();
      connecting = current;
    }
    return current.copy();
  }

  /** Waits for the end; to be run on a thread of its own. */
  void watch() {
    try {
      ProcessTable processes = new ProcessTable();
      while (!hasEndedWithin(processes, LOOK_INTERVAL)) {
        keepLogsShort();
        keepConnected();
      }
      exit.complete(report());
    } catch (InterruptedException e) {
      // The driver is being closed. The VM goes on, and nobody waits for this answer any more.
      Thread.currentThread().interrupt();
    }
  }

  /** Lets go of the process, which goes on. */
  synchronized void disconnect() {
    disconnected = true;
    CompletionStage<QmpClient> current = connecting;
    if (current != null) {
      // Also one that is still being connected: it would keep the next daemon from being served.
      current.thenAccept(QmpClient::close);
    }
  }

  private boolean hasEndedWithin(ProcessTable processes, Duration time)
      throws InterruptedException {
    if (child != null) {
      return child.waitFor(time.toMillis(), TimeUnit.MILLISECONDS);
    }
    if (!isThere(processes)) {
      return true;
    }
    Optional<QmpClient> client = connectedNow();
    if (client.isPresent()) {
      await(client.get().closed().toCompletableFuture(), time);
    } else {
      Thread.sleep(time);
    }
    return !isThere(processes);
  }

  private boolean isThere(ProcessTable processes) {
    try {
      return processes.find(identity.pid()).filter(identity::equals).isPresent();
    } catch (IOException e) {
      LOG.warn("cannot tell whether pid {} still runs: {}", identity.pid(), e.getMessage());
      return true;
    }
  }

  private void keepConnected() throws InterruptedException {
    if (connectedNow().isEmpty()) {
      await(qmp(RECONNECT_TIMEOUT).toCompletableFuture(), LOOK_INTERVAL);
    }
  }

  private void keepLogsShort() {
    try {
      console.bound(logBytesMax);
      new RunLog(files.log()).bound(logBytesMax);
    } catch (IOException e) {
      LOG.warn("cannot shorten the logs in {}: {}", files.directory(), e.getMessage());
    }
  }

  private VmExit report() throws InterruptedException {
    Optional<QmpClient> client = lastClient();
    if (client.isPresent()) {
      await(client.get().closed().toCompletableFuture(), LAST_EVENTS_TIMEOUT);
      client.get().close();
    }
    Integer status = child == null ? null : Integer.valueOf(child.exitValue());
    return new ExitReport(identity.pid(), status, client.flatMap(QmpClient::shutdown))
        .toExit(new RunLog(files.consoleLog()), new RunLog(files.log()));
  }

  private Optional<QmpClient> connectedNow() {
    return lastClient().filter(client -> !client.isClosed());
  }

  private Optional<QmpClient> lastClient() {
    CompletableFuture<QmpClient> current = connecting;
    return current != null && current.isDone() && !current.isCompletedExceptionally()
        ? Optional.of(current.join())
        : Optional.empty();
  }

  private static boolean isOver(CompletableFuture<QmpClient> attempt) {
    return attempt.isCompletedExceptionally() || (attempt.isDone() && attempt.join().isClosed());
  }

  private static void await(Future<?> future, Duration time) throws InterruptedException {
    try {
      future.get(time.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      // Both are fine: the caller looks at what is there.
      return;
    }
  }
}
