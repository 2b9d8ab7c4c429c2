package io.volant.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.volant.adapter.simulated.SimulatedWorld;
import io.volant.fake.DeadManSwitch;
import io.volant.fake.Death;
import io.volant.fake.SimulatedHost;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.IntPredicate;
import org.awaitility.core.ConditionFactory;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A simulated host whose daemon dies when a test says so, and comes back on what it left. */
abstract class MortalHostFixture {

  static final Duration POLL = Duration.ofMillis(2);
  static final Duration QUIET = Duration.ofMillis(150);
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  final SimulatedWorld world = SimulatedHost.world();
  final Death death = new Death();
  SimulatedHost host;

  @TempDir private Path home;

  @BeforeEach
  void startDaemon() {
    host = daemon();
  }

  @AfterEach
  void endDaemon() {
    host.die();
    world.close();
  }

  /**
   * Tells a story again and again, with a daemon that dies at the first write, at the second, …
   *
   * @param dieAt one case; false: the story was over before that write
   * @return at how many it died, and one more
   */
  static int dieAtEveryWrite(String story, int writesMax, IntPredicate dieAt) {
    int write = 1;
    while (dieAt.test(write)) {
      write++;
      assertThat(write).as("writes of %s", story).isLessThan(writesMax);
    }
    return write;
  }

  /** Whether the daemon outlived its story: it does not die any more, not by the last writes. */
  boolean hasOutlived(String place) {
    if (death.isDead()) {
      return false;
    }
    try {
      soon(place).atMost(QUIET).until(death::isDead);
      return false;
    } catch (ConditionTimeoutException over) {
      death.disarm();
      return true;
    }
  }

  /** The next daemon begins, where the dead one ended. */
  void comeBack() {
    death.disarm();
    host = daemon();
  }

  static ConditionFactory soon(String place) {
    return await(place).pollDelay(Duration.ZERO).pollInterval(POLL).atMost(PATIENCE);
  }

  private SimulatedHost daemon() {
    return SimulatedHost.start(
        SimulatedHost.config(home, death),
        world,
        "10.9.0.0/16",
        ports -> new DeadManSwitch(death::isDead).wrap(ports));
  }
}
