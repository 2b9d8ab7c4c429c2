package io.volant.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.volant.deployment.DeploymentCommand.Begin;
import io.volant.deployment.DeploymentCommand.Change;
import io.volant.deployment.DeploymentNotice.VmUnwanted;
import io.volant.deployment.DeploymentNotice.VmWanted;
import io.volant.deployment.Sighting.Condition;
import io.volant.model.Asker;
import io.volant.model.VmId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.FishingOutcomes;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.persistence.testkit.javadsl.EventSourcedBehaviorTestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The real actor, its events through their stored form, and a host that the test plays. */
class DeploymentActorTest {

  private static final ActorTestKit KIT =
      ActorTestKit.create(
          EventSourcedBehaviorTestKit.config()
              .withFallback(ConfigFactory.parseResources("engine.conf"))
              .withFallback(ConfigFactory.load())
              .resolve());

  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final Asker ADA = new Asker("ada", "request-1");
  private static final VmTemplate FIRST = DeploymentWorld.template("hello");
  private static final DeploymentSettings SETTINGS =
      new DeploymentSettings(2, 1, 60_000, 3, 3_600_000, 3_600_000, 60_000);

  private final DeploymentDirectory directory = new DeploymentDirectory();
  private final TestProbe<DeploymentNotice> host = KIT.createTestProbe();
  private final TestProbe<DeploymentReply> answers = KIT.createTestProbe();
  private final EventSourcedBehaviorTestKit<DeploymentCommand, DeploymentEvent, DeploymentState>
      kit =
          EventSourcedBehaviorTestKit.create(
              KIT.system(),
              DeploymentActor.create(
                  new DeploymentActor.Place(
                      "web",
                      directory,
                      host.ref(),
                      (_, config) ->
                          config.plugin().equals("none")
                              ? Optional.of(
                                  DeploymentReply.Refused.of(
                                      DeploymentReply.Reason.PLUGIN_NOT_FOUND, "no such plugin"))
                              : Optional.empty(),
                      Clock.fixed(NOW, ZoneOffset.UTC),
                      () -> 0.5),
                  SETTINGS),
              EventSourcedBehaviorTestKit.enabledSerializationSettings()
                  .withVerifyCommands(false)
                  .withVerifyState(false)
                  .withVerifyEquality(true));

  @BeforeEach
  void beginAnew() {
    kit.clear();
    assertThat(kit.getState()).isInstanceOf(DeploymentState.Absent.class);
    drain();
  }

  @AfterAll
  static void endActors() {
    KIT.shutdownTestKit();
  }

  @Test
  void it_does_nothing_before_the_host_has_read_everything() {
    create(2);
    host.expectNoMessage(Duration.ofMillis(50));
    begin(Map.of());
    assertThat(wanted()).isEqualTo(want(1, "deployment/web#2"));
    assertThat(wanted()).isEqualTo(want(2, "deployment/web#3"));
  }

  @Test
  void what_is_wanted_is_stored_before_it_is_asked_for_and_asked_for_again_after_a_restart() {
    create(1);
    begin(Map.of());
    VmWanted first = wanted();
    restart();
    begin(Map.of());
    assertThat(wanted()).as("by the same event").isEqualTo(first);
    restart();
    begin(Map.of(1, sighting(7, first.asker(), Condition.COMING)));
    assertStage(1, new Slot.Stage.There(new VmId(7), NOW));
    host.expectNoMessage(Duration.ofMillis(50));
  }

  @Test
  void a_crash_is_answered_once_the_pause_is_over_which_a_restart_does_not_shorten() {
    Asker maker = createdOne();
    tell(new DeploymentCommand.Seen(1, sighting(7, maker, Condition.CRASHED)));
    assertStage(1, new Slot.Stage.Broken(new VmId(7)));
    Slot.Trouble trouble = slot(1).trouble();
    assertThat(trouble.failures()).isEqualTo(1);
    assertThat(trouble.retryAt()).isEqualTo(NOW.plusSeconds(3_600));
    restart();
    begin(Map.of(1, sighting(7, maker, Condition.CRASHED)));
    host.expectNoMessage(Duration.ofMillis(50));
    assertThat(slot(1).trouble()).isEqualTo(trouble);
  }

  @Test
  void an_update_deletes_then_makes_also_when_it_is_interrupted_in_between() {
    Asker maker = createdOne();
    kit.<DeploymentReply>runCommand(replyTo -> update(DeploymentWorld.template("other"), replyTo));
    VmUnwanted unwanted = host.expectMessageClass(VmUnwanted.class);
    assertThat(unwanted.vmId()).isEqualTo(new VmId(7));
    restart();
    begin(Map.of(1, sighting(7, maker, Condition.LEAVING)));
    assertThat(host.expectMessageClass(VmUnwanted.class)).isEqualTo(unwanted);
    tell(new DeploymentCommand.Vanished(1, new VmId(7)));
    VmWanted wanted = wanted();
    assertThat(wanted.config()).isEqualTo(DeploymentWorld.template("other"));
    assertThat(wanted.asker().by()).isEqualTo("deployment/web");
  }

  @Test
  void a_late_answer_to_an_earlier_want_is_ignored() {
    create(1);
    begin(Map.of());
    VmWanted first = wanted();
    tell(new DeploymentCommand.NotMade(1, first.asker().cause(), "no address"));
    assertThat(slot(1).trouble().reason()).isEqualTo("no address");
    Slot before = slot(1);
    tell(new DeploymentCommand.NotMade(1, first.asker().cause(), "again"));
    tell(new DeploymentCommand.NotMade(1, "deployment/web#99", "never"));
    assertThat(slot(1)).isEqualTo(before);
  }

  @Test
  void a_refused_change_and_one_that_changes_nothing_store_nothing() {
    createdOne();
    var refused =
        kit.<DeploymentReply>runCommand(
            replyTo -> update(DeploymentWorld.template("none"), replyTo));
    assertThat(refused.reply()).isInstanceOf(DeploymentReply.Refused.class);
    assertThat(refused.hasNoEvents()).isTrue();
    var same = kit.<DeploymentReply>runCommand(replyTo -> update(FIRST, replyTo));
    assertThat(same.reply()).isInstanceOf(DeploymentReply.Accepted.class);
    assertThat(same.hasNoEvents()).isTrue();
    var rollBack =
        kit.<DeploymentReply>runCommand(replyTo -> new DeploymentCommand.RollBack(ADA, replyTo));
    assertThat(rollBack.hasNoEvents()).isTrue();
  }

  @Test
  void a_request_with_a_key_that_comes_again_is_answered_and_not_done_again() {
    Asker once = new Asker("ada", "idempotency/0#1");
    Asker later = new Asker("ada", "idempotency/0#2");
    for (int i = 0; i < 2; i++) {
      var created =
          kit.<DeploymentReply>runCommand(
              replyTo -> new DeploymentCommand.Create(0, null, FIRST, once, replyTo));
      assertThat(created.reply()).isInstanceOf(DeploymentReply.Accepted.class);
      assertThat(created.hasNoEvents()).isEqualTo(i == 1);
    }
    for (String config : new String[] {"second", "third"}) {
      kit.<DeploymentReply>runCommand(replyTo -> update(DeploymentWorld.template(config), replyTo));
    }
    for (int i = 0; i < 2; i++) {
      var back =
          kit.<DeploymentReply>runCommand(
              replyTo -> new DeploymentCommand.RollBack(later, replyTo));
      assertThat(back.reply()).isInstanceOf(DeploymentReply.Accepted.class);
      assertThat(back.hasNoEvents()).isEqualTo(i == 1);
    }
    var stranger =
        kit.<DeploymentReply>runCommand(
            replyTo -> new DeploymentCommand.Create(0, null, FIRST, later, replyTo));
    assertThat(stranger.reply()).isInstanceOf(DeploymentReply.Refused.class);
  }

  @Test
  void a_delete_ends_after_the_last_vm_though_a_restart_comes_in_between() {
    Asker maker = createdOne();
    tell(new DeploymentCommand.Delete(ADA, answers.ref()));
    host.expectMessageClass(VmUnwanted.class);
    restart();
    assertThat(directory.find("web")).isPresent();
    begin(Map.of(1, sighting(7, maker, Condition.LEAVING)));
    host.expectMessageClass(VmUnwanted.class);
    tell(new DeploymentCommand.Vanished(1, new VmId(7)));
    answers.awaitAssert(() -> {
      assertThat(directory.find("web")).isEmpty();
      return true;
    });
    assertThat(kit.getState()).isInstanceOf(DeploymentState.Absent.class);
  }

  @Test
  void a_vm_that_is_wanted_no_more_is_asked_after_instead_of_made() {
    create(1);
    begin(Map.of());
    VmWanted wanted = wanted();
    tell(new DeploymentCommand.Delete(ADA, answers.ref()));
    assertThat(host.expectMessageClass(DeploymentNotice.VmMissed.class).cause())
        .isEqualTo(wanted.asker().cause());
    tell(new DeploymentCommand.NotMade(1, wanted.asker().cause(), "it is wanted no more"));
    answers.expectMessage(new DeploymentReply.Deleted("web"));
  }

  /** A deployment of one VM, which is healthy; gives who had it made. */
  private Asker createdOne() {
    create(1);
    begin(Map.of());
    Asker maker = wanted().asker();
    tell(new DeploymentCommand.Seen(1, sighting(7, maker, Condition.READY)));
    answers.awaitAssert(() -> {
      assertThat(directory.find("web").orElseThrow().progress().phase())
          .isEqualTo(Progress.Phase.COMPLETE);
      return true;
    });
    return maker;
  }

  private void create(int replicas) {
    var created =
        kit.<DeploymentReply>runCommand(
            replyTo -> new DeploymentCommand.Create(replicas, null, FIRST, ADA, replyTo));
    assertThat(created.reply()).isInstanceOf(DeploymentReply.Accepted.class);
  }

  private static DeploymentCommand update(VmTemplate config, ActorRef<DeploymentReply> replyTo) {
    return new DeploymentCommand.Update(new Change(null, null, config.tree()), ADA, replyTo);
  }

  private void begin(Map<Integer, Sighting> seen) {
    tell(new Begin(seen));
  }

  private void tell(DeploymentCommand command) {
    var _ = kit.runCommand(command);
  }

  private void restart() {
    var _ = kit.restart();
    passOver(new DeploymentNotice.Recovered("web"));
  }

  private void drain() {
    DeploymentNotice last = new DeploymentNotice.Recovered("last");
    host.ref().tell(last);
    passOver(last);
  }

  /** Whatever the actor may have asked for again before this is of no interest. */
  private void passOver(DeploymentNotice last) {
    assertThat(
            host.fishForMessage(
                Duration.ofSeconds(10),
                notice ->
                    notice.equals(last)
                        ? FishingOutcomes.complete()
                        : FishingOutcomes.continueAndIgnore()))
        .containsExactly(last);
  }

  private VmWanted wanted() {
    return host.expectMessageClass(VmWanted.class);
  }

  private static VmWanted want(int number, String cause) {
    return new VmWanted("web", number, FIRST, new Asker("deployment/web", cause));
  }

  private static Sighting sighting(long vmId, Asker maker, Condition condition) {
    return new Sighting(new VmId(vmId), maker, condition, "as was asked");
  }

  private Slot slot(int number) {
    return Objects.requireNonNull(directory.find("web").orElseThrow().slots().get(number));
  }

  private void assertStage(int number, Slot.Stage stage) {
    answers.awaitAssert(() -> {
      assertThat(slot(number).stage()).isEqualTo(stage);
      return true;
    });
  }
}
