package io.volant.fledge;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets a build end in order when the process is told to end (Ctrl-C, SIGTERM): the build's thread
 * is interrupted, and the process stays until the build has removed what it leaves.
 */
final class StopSignal implements AutoCloseable {
  private static final int PATIENCE_S = 20;

  private final CountDownLatch ended = new CountDownLatch(1);
  private final Thread hook;

  private StopSignal(Thread build) {
    hook = new Thread(() -> stop(build), "stop the build");
  }

  /** For the build that runs on the calling thread until this is closed. */
  static StopSignal forThisThread() {
    StopSignal signal = new StopSignal(Thread.currentThread());
    Runtime.getRuntime().addShutdownHook(signal.hook);
    return signal;
  }

  private void stop(Thread build) {
    build.interrupt();
    try {
      if (!ended.await(PATIENCE_S, TimeUnit.SECONDS)) {
        // What hangs is most likely a child; without it the build can end after all.
        ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
        ended.await(PATIENCE_S, TimeUnit.SECONDS);
      }
    } catch (InterruptedException hurry) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    ended.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException endingAlready) {
      // The hook runs, and has just been told that all is done.
    }
  }
}
