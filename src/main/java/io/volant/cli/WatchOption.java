package io.volant.cli;

import io.volant.cli.http.ApiClient;
import io.volant.cli.http.ApiFailure;
import io.volant.cli.http.EventFollower;
import io.volant.cli.http.EventQuery;
import io.volant.cli.http.SseFrame;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option to show something again and again, whenever it has changed. */
final class WatchOption {

  /** What happens together is shown together. */
  private static final long SETTLE_MS = 150;

  private static final String CLEAR = "\u001b[H\u001b[2J";

  @Option(
      names = {"-w", "--watch"},
      description = "Show it again whenever it has changed, until Ctrl-C.")
  private boolean watch;

  /**
   * Shows it, once or whenever an event of these kinds comes.
   *
   * @param kinds with commas in between, as {@code volar events --kinds} takes them
   * @param shown shows it as it is
   */
  int show(Session session, String kinds, Callable<Integer> shown) throws Exception {
    if (!watch) {
      return shown.call();
    }
    Terminal terminal = session.terminal();
    Changes changes = new Changes(session.api(), kinds);
    changes.await();
    while (true) {
      if (terminal.interactive()) {
        terminal.out().print(CLEAR);
      }
      int code = shown.call();
      if (code != ExitCode.OK.number() || !terminal.flushed()) {
        return code;
      }
      changes.await();
      Thread.sleep(SETTLE_MS);
    }
  }

  /** Listens to the feed on a thread of its own. */
  private static final class Changes implements EventFollower.Listener {
    private final Semaphore happened = new Semaphore(0);
    private volatile @Nullable Exception end;

    Changes(ApiClient api, String kinds) {
      EventFollower feed =
          new EventFollower(api, EventQuery.ofKinds(kinds, "", true), EventFollower.Pause.PATIENT);
      Thread.ofVirtual().start(() -> follow(feed));
    }

    private void follow(EventFollower feed) {
      try {
        feed.run(this);
      } catch (ApiFailure | InterruptedException over) {
        end = over;
        happened.release();
      }
    }

    /** Waits until something has happened since the last time; at first, until it listens. */
    void await() throws Exception {
      happened.acquire();
      int _ = happened.drainPermits();
      Exception why = end;
      if (why != null) {
        throw why;
      }
    }

    @Override
    public boolean onEvent(SseFrame event) {
      happened.release();
      return true;
    }

    @Override
    public void onConnected() {
      happened.release();
    }
  }
}
