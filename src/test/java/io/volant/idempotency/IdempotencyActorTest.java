package io.volant.idempotency;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.volant.model.Asker;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.persistence.testkit.javadsl.EventSourcedBehaviorTestKit;
import org.apache.pekko.persistence.testkit.javadsl.EventSourcedBehaviorTestKit.CommandResultWithReply;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The real actor, its events through their stored form. */
class IdempotencyActorTest {

  private static final ActorTestKit KIT =
      ActorTestKit.create(
          EventSourcedBehaviorTestKit.config()
              .withFallback(ConfigFactory.parseResources("engine.conf"))
              .withFallback(ConfigFactory.load())
              .resolve());

  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  private static final OnceKey KEY = new OnceKey("ada", "k-1");
  private static final KeptAnswer CREATED =
      new KeptAnswer(
          201,
          List.of(new KeptAnswer.Header("Location", "/api/v1/vms/web")),
          "application/json",
          "{\"id\":7}");

  private final EventSourcedBehaviorTestKit<IdempotencyMessage, IdempotencyEvent, IdempotencyState>
      keys =
          EventSourcedBehaviorTestKit.create(
              KIT.system(),
              IdempotencyActor.create(LocalDate.parse("2026-03-01"), null),
              EventSourcedBehaviorTestKit.enabledSerializationSettings()
                  .withVerifyCommands(false)
                  .withVerifyState(false)
                  .withVerifyEquality(true));

  @BeforeEach
  void beginAnew() {
    keys.clear();
  }

  @AfterAll
  static void endActors() {
    KIT.shutdownTestKit();
  }

  @Test
  void the_first_is_told_to_go_and_its_event_is_the_cause() {
    var result = begin("print", NOON);
    assertThat(result.reply())
        .isEqualTo(new IdempotencyReply.Go("idempotency/2026-03-01#1", false));
    IdempotencyEvent event = result.event();
    assertThat(event.stamp().by()).isEqualTo("ada");
    assertThat(event.stamp().cause()).isEqualTo("request-1");
    assertThat(event.stamp().at()).isEqualTo(NOON);
  }

  @Test
  void a_repeat_waits_for_the_end_and_gets_the_same_answer() {
    begin("print", NOON);
    TestProbe<IdempotencyReply> waiting = KIT.createTestProbe();
    keys.runCommand(begin("print", NOON, waiting.ref()));
    waiting.expectNoMessage(Duration.ofMillis(50));
    finish(CREATED, true);
    assertThat(waiting.receiveMessage()).isEqualTo(new IdempotencyReply.Answered(CREATED));
    var later = begin("print", NOON.plusSeconds(60));
    assertThat(later.reply()).isEqualTo(new IdempotencyReply.Answered(CREATED));
    assertThat(later.hasNoEvents()).isTrue();
  }

  @Test
  void another_request_with_the_key_is_a_conflict_while_and_after_it_is_done() {
    begin("print", NOON);
    assertThat(begin("other", NOON).reply()).isEqualTo(new IdempotencyReply.Conflict());
    finish(CREATED, true);
    assertThat(begin("other", NOON).reply()).isEqualTo(new IdempotencyReply.Conflict());
  }

  @Test
  void another_callers_key_is_another_key() {
    begin("print", NOON);
    CommandResultWithReply<IdempotencyMessage, IdempotencyEvent, IdempotencyState, IdempotencyReply>
        other =
            keys.runCommand(replyTo ->
                new IdempotencyCommand.Begin(
                    new OnceKey("bob", "k-1"),
                    "other",
                    new Asker("bob", "request-2"),
                    NOON,
                    replyTo));
    assertThat(other.reply()).isInstanceOf(IdempotencyReply.Go.class);
  }

  @Test
  void what_was_not_finished_before_a_restart_is_done_again_under_the_same_cause() {
    begin("print", NOON);
    keys.restart();
    var again = begin("print", NOON.plusSeconds(5));
    assertThat(again.reply()).isEqualTo(new IdempotencyReply.Go("idempotency/2026-03-01#1", true));
    assertThat(again.hasNoEvents()).isTrue();
    finish(CREATED, true);
    keys.restart();
    assertThat(begin("print", NOON).reply()).isEqualTo(new IdempotencyReply.Answered(CREATED));
  }

  @Test
  void an_answer_that_is_not_kept_is_for_those_who_wait_only() {
    begin("print", NOON);
    TestProbe<IdempotencyReply> waiting = KIT.createTestProbe();
    keys.runCommand(begin("print", NOON, waiting.ref()));
    KeptAnswer broken = new KeptAnswer(500, List.of(), null, null);
    finish(broken, false);
    assertThat(waiting.receiveMessage()).isEqualTo(new IdempotencyReply.Answered(broken));
    assertThat(begin("print", NOON).reply())
        .isEqualTo(new IdempotencyReply.Go("idempotency/2026-03-01#1", true));
  }

  @Test
  void a_large_answer_is_remembered_without_its_body() {
    begin("print", NOON);
    String large = "x".repeat(KeptAnswer.BODY_BYTES_MAX + 1);
    finish(new KeptAnswer(201, List.of(), "application/json", large), true);
    assertThat(begin("print", NOON).reply())
        .isInstanceOfSatisfying(
            IdempotencyReply.Answered.class,
            answered -> assertThat(answered.answer().isDropped()).isTrue());
  }

  @Test
  void a_key_is_forgotten_after_a_day() {
    begin("print", NOON);
    finish(CREATED, true);
    Instant almost = NOON.plus(IdempotencyState.LIFE).minusMillis(1);
    assertThat(begin("print", almost).reply()).isEqualTo(new IdempotencyReply.Answered(CREATED));
    assertThat(begin("other", NOON.plus(IdempotencyState.LIFE)).reply())
        .isInstanceOf(IdempotencyReply.Go.class);
  }

  @Test
  void the_desk_finds_yesterdays_keys_and_begins_none_there() {
    ActorRef<IdempotencyCommand> desk = KIT.spawn(IdempotencyDesk.create());
    Instant late = Instant.parse("2026-03-02T23:59:59Z");
    Instant early = Instant.parse("2026-03-03T00:00:01Z");
    TestProbe<IdempotencyReply> replies = KIT.createTestProbe();
    TestProbe<Done> ends = KIT.createTestProbe();
    desk.tell(begin("print", late, replies.ref()));
    assertThat(replies.receiveMessage())
        .isEqualTo(new IdempotencyReply.Go("idempotency/2026-03-02#1", false));
    desk.tell(begin("print", early, replies.ref()));
    replies.expectNoMessage(Duration.ofMillis(50));
    desk.tell(new IdempotencyCommand.Finish(KEY, CREATED, true, early, ends.ref()));
    ends.receiveMessage();
    assertThat(replies.receiveMessage()).isEqualTo(new IdempotencyReply.Answered(CREATED));
    desk.tell(
        new IdempotencyCommand.Begin(
            new OnceKey("ada", "k-2"), "p", new Asker("ada", "r"), early, replies.ref()));
    assertThat(replies.receiveMessage())
        .isEqualTo(new IdempotencyReply.Go("idempotency/2026-03-03#1", false));
    Instant much = early.plus(Duration.ofDays(2));
    desk.tell(begin("print", much, replies.ref()));
    assertThat(replies.receiveMessage())
        .isEqualTo(new IdempotencyReply.Go("idempotency/2026-03-05#1", false));
  }

  private CommandResultWithReply<
          IdempotencyMessage, IdempotencyEvent, IdempotencyState, IdempotencyReply>
      begin(String fingerprint, Instant at) {
    return keys.runCommand(replyTo -> begin(fingerprint, at, replyTo));
  }

  private static IdempotencyCommand begin(
      String fingerprint, Instant at, ActorRef<IdempotencyReply> replyTo) {
    return new IdempotencyCommand.Begin(
        KEY, fingerprint, new Asker("ada", "request-1"), at, replyTo);
  }

  private void finish(KeptAnswer answer, boolean keep) {
    keys.<Done>runCommand(
        replyTo -> new IdempotencyCommand.Finish(KEY, answer, keep, NOON, replyTo));
  }
}
