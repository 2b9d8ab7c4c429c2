package io.volant.fledge.serve;

import com.sun.net.httpserver.HttpServer;
import io.volant.fledge.report.BuildFailure;
import io.volant.fledge.report.ExitCode;
import io.volant.fledge.step.Workbench;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The HTTP server of {@code fledge serve}. Closing it stops the builds that run. */
public final class BuildServer implements AutoCloseable {
  /** Requests that are answered at once, besides builds. */
  private static final int THREADS = 8;

  private static final int WAITING_MAX = 64;
  private static final int IDLE_S = 30;
  private static final int PATIENCE_S = 20;

  private final HttpServer server;
  private final ExecutorService workers;
  private final ScheduledExecutorService watch;

  private BuildServer(HttpServer server, ExecutorService workers, ScheduledExecutorService watch) {
    this.server = server;
    this.workers = workers;
    this.watch = watch;
  }

  /** Begins to serve. */
  public static BuildServer start(ServeSettings settings, Workbench workbench) throws BuildFailure {
    ExecutorService workers =
        new ThreadPoolExecutor(
            settings.builds() + THREADS,
            settings.builds() + THREADS,
            IDLE_S,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(WAITING_MAX));
    ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor();
    try {
      HttpServer server = HttpServer.create(settings.address(), WAITING_MAX);
      server.setExecutor(workers);
      var builds = new BuildRoute(settings.builds(), workbench, watch);
      server.createContext("/", new Gate(settings, new Routes(builds)));
      server.start();
      return new BuildServer(server, workers, watch);
    } catch (IOException failure) {
      workers.shutdownNow();
      watch.shutdownNow();
      throw new BuildFailure(
          ExitCode.INPUT, "cannot listen on " + settings.address() + ": " + failure.getMessage());
    }
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return server.getAddress();
  }

  @Override
  public void close() {
    workers.shutdownNow();
    watch.shutdownNow();
    try {
      if (!workers.awaitTermination(PATIENCE_S, TimeUnit.SECONDS)) {
        ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
      }
    } catch (InterruptedException hurry) {
      Thread.currentThread().interrupt();
    }
    server.stop(0);
  }
}
