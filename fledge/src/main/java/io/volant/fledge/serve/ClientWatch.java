package io.volant.fledge.serve;

import com.sun.net.httpserver.HttpExchange;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Interrupts a build whose client has gone away. The JDK's server does not tell, and a client that
 * only waits for the answer sends nothing; but the kernel knows the state of the connection.
 */
final class ClientWatch implements AutoCloseable {
  private static final int PERIOD_MS = 500;

  private final int localPort;
  private final int remotePort;
  private final Thread build;
  private @Nullable Future<?> task;
  private boolean isOver;
  private boolean isInterrupted;

  private ClientWatch(int localPort, int remotePort, Thread build) {
    this.localPort = localPort;
    this.remotePort = remotePort;
    this.build = build;
  }

  /** Watches the client of this exchange while the thread builds for it. */
  static ClientWatch begin(HttpExchange exchange, Thread build, ScheduledExecutorService executor) {
    ClientWatch watch =
        new ClientWatch(
            exchange.getLocalAddress().getPort(), exchange.getRemoteAddress().getPort(), build);
    watch.task =
        executor.scheduleWithFixedDelay(watch::look, PERIOD_MS, PERIOD_MS, TimeUnit.MILLISECONDS);
    return watch;
  }

  private synchronized void look() {
    if (!isOver && !isInterrupted && !Connections.isEstablished(localPort, remotePort)) {
      isInterrupted = true;
      build.interrupt();
    }
  }

  @Override
  public synchronized void close() {
    isOver = true;
    if (task != null) {
      task.cancel(false);
    }
    if (isInterrupted) {
      // The thread goes on to other requests, and the interrupt was meant for the build.
      Thread.interrupted();
    }
  }
}
