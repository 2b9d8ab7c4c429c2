package io.volant.e2e;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/** VMs that come, stop, start and go, as fast as the daemon lets them, whenever it is there. */
final class VmTraffic implements AutoCloseable {

  private static final String VMS = "/api/v1/vms";
  private static final long DAEMON_GONE_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final RealDaemon daemon;
  private final String plugin;
  private final List<Thread> threads;
  private volatile boolean closed;

  /** Begins, with so many VMs at a time. */
  VmTraffic(RealDaemon daemon, String plugin, int atATime) {
    this.daemon = daemon;
    this.plugin = plugin;
    this.threads =
        IntStream.range(0, atATime)
            .mapToObj(lane -> Thread.ofVirtual().start(() -> live(lane)))
            .toList();
  }

  /** Ends when every VM under way has gone. */
  @Override
  public void close() {
    closed = true;
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private void live(int lane) {
    for (int round = 0; !closed; round++) {
      String vm = VMS + "/vm-" + lane + "-" + round;
      String body = "{\"name\": \"vm-%d-%d\", \"plugin\": \"%s\"}".formatted(lane, round, plugin);
      ask("POST", VMS + "?wait=healthy&timeout=5", body);
      ask("POST", vm + "/stop?wait=stopped&timeout=5", "");
      ask("POST", vm + "/start?wait=healthy&timeout=5", "");
      while (ask("DELETE", vm, "") >= 500) {
        LockSupport.parkNanos(DAEMON_GONE_PAUSE_NANOS);
      }
    }
  }

  /** The status, or 599 if the daemon was killed meanwhile: whether it was done, nobody knows. */
  private int ask(String method, String path, String body) {
    try {
      return daemon.call(method, path, body).statusCode();
    } catch (IOException killed) {
      LockSupport.parkNanos(DAEMON_GONE_PAUSE_NANOS);
      return 599;
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      closed = true;
      return 0;
    }
  }
}
