package io.volant.adapter.unixsocket;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import jnr.enxio.channels.NativeSelectorProvider;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that touches the channels. Everything that concerns a channel is a task for this
 * thread, so that no channel, key or connection needs a lock.
 */
final class SelectorLoop {

  private static final Logger LOG = LoggerFactory.getLogger(SelectorLoop.class);

  /** poll(2) itself fails (out of memory): try again, but do not spin. */
  private static final long POLL_FAILED_PAUSE_MS = 10;

  private final Selector selector;
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean wakeupSent = new AtomicBoolean();
  private final Set<UnixConnection> connections = new HashSet<>();
  private final Set<UnixListener> listeners = new HashSet<>();
  private final Object endLock = new Object();
  private final Thread thread;
  private volatile boolean closing;
  private volatile int openCount;
  private boolean ended;

  SelectorLoop() throws IOException {
    selector = NativeSelectorProvider.getInstance().openSelector();
    thread = new Thread(this::run, "unix-sockets");
    thread.setDaemon(true);
    thread.start();
  }

  /** Runs the task on the loop's thread; after {@link #close} on the caller's. */
  void execute(Runnable task) {
    tasks.add(task);
    if (Thread.currentThread() == thread) {
      return;
    }
    synchronized (endLock) {
      if (ended) {
        drainTasks();
      } else if (wakeupSent.compareAndSet(false, true)) {
        // One byte in the selector's pipe at most: its write end blocks when it is full. And never
        // after the end, when the number of that descriptor may belong to another file.
        selector.wakeup();
      }
    }
  }

  boolean isClosing() {
    return closing;
  }

  int openCount() {
    return openCount;
  }

  Selector selector() {
    return selector;
  }

  void add(UnixConnection connection) {
    connections.add(connection);
    openCount = connections.size();
  }

  void remove(UnixConnection connection) {
    connections.remove(connection);
    openCount = connections.size();
  }

  void add(UnixListener listener) {
    listeners.add(listener);
  }

  void remove(UnixListener listener) {
    listeners.remove(listener);
  }

  void close() {
    closing = true;
    execute(() -> {});
  }

  private void run() {
    while (!closing) {
      try {
        if (selector.select() < 0) {
          LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(POLL_FAILED_PAUSE_MS));
        }
        wakeupSent.set(false);
        drainTasks();
        dispatchReady();
      } catch (IOException | RuntimeException failure) {
        LOG.error("the selector of the unix sockets failed, going on", failure);
      }
    }
    end();
  }

  private void dispatchReady() {
    List<SelectionKey> ready = List.copyOf(selector.selectedKeys());
    selector.selectedKeys().clear();
    for (SelectionKey key : ready) {
      if (!key.isValid()) {
        continue;
      }
      if (key.attachment() instanceof UnixConnection connection) {
        connection.onReady(key.readyOps());
      } else if (key.attachment() instanceof UnixListener listener) {
        listener.onReady();
      }
    }
  }

  private void drainTasks() {
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      try {
        task.run();
      } catch (RuntimeException failure) {
        LOG.error("a task of the unix sockets failed, going on", failure);
      }
    }
  }

  private void end() {
    for (UnixConnection connection : List.copyOf(connections)) {
      connection.breakWith(new IOException("the unix sockets of this process were closed"));
    }
    List.copyOf(listeners).forEach(UnixListener::closeNow);
    synchronized (endLock) {
      ended = true;
      drainTasks();
      try {
        selector.close();
      } catch (IOException failure) {
        LOG.warn("could not close the selector of the unix sockets", failure);
      }
    }
  }
}
