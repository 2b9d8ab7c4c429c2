package io.volant.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.volant.artifact.StoredArtifact;
import io.volant.fake.Requests;
import io.volant.manifest.PluginManifest;
import io.volant.model.Asker;
import io.volant.model.Stamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.FishingOutcomes;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.persistence.testkit.javadsl.EventSourcedBehaviorTestKit;
import org.apache.pekko.persistence.testkit.javadsl.EventSourcedBehaviorTestKit.CommandResultWithReply;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The real actor, its events through their stored form. */
class PluginActorTest {

  private static final ActorTestKit KIT =
      ActorTestKit.create(
          EventSourcedBehaviorTestKit.config()
              .withFallback(ConfigFactory.parseResources("engine.conf"))
              .withFallback(ConfigFactory.load())
              .resolve());

  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Asker ADA = new Asker("ada", "request-1");
  private static final PluginManifest MANIFEST = Requests.manifest("hello");
  private static final StoredArtifact ARTIFACT = artifact("ab");
  private static final StoredArtifact OTHER_CONTENT = artifact("cd");
  private static final Plugin INSTALLED = new Plugin(MANIFEST, ARTIFACT, Map.of(), true, NOW);

  private final TestProbe<PluginNotice> host = KIT.createTestProbe();
  private final EventSourcedBehaviorTestKit<PluginCommand, PluginEvent, PluginState> plugin =
      EventSourcedBehaviorTestKit.create(
          KIT.system(),
          PluginActor.create("hello", host.ref(), Clock.fixed(NOW, ZoneOffset.UTC)),
          EventSourcedBehaviorTestKit.enabledSerializationSettings()
              .withVerifyCommands(false)
              .withVerifyState(false)
              .withVerifyEquality(true));

  @BeforeEach
  void beginAnew() {
    plugin.clear();
    assertThat(plugin.getState()).isInstanceOf(PluginState.Absent.class);
    passOverNotices();
  }

  @AfterAll
  static void endActors() {
    KIT.shutdownTestKit();
  }

  @Test
  void it_is_what_was_installed() {
    var result = install(ARTIFACT, false);
    assertThat(result.reply()).isEqualTo(new PluginReply.Accepted(INSTALLED));
    assertThat(result.event())
        .isEqualTo(new PluginEvent.Installed(stamp(1), MANIFEST, ARTIFACT, Map.of()));
    assertThat(result.state()).isEqualTo(INSTALLED);
    expectNotices(1, INSTALLED);
  }

  @Test
  void the_same_once_more_is_accepted_and_no_event() {
    assertThat(install(ARTIFACT, false).events()).hasSize(1);
    var again = install(ARTIFACT, false);
    assertThat(again.reply()).isEqualTo(new PluginReply.Accepted(INSTALLED));
    assertThat(again.hasNoEvents()).isTrue();
  }

  @Test
  void other_content_under_the_same_version_is_refused_unless_it_shall_replace() {
    assertThat(install(ARTIFACT, false).events()).hasSize(1);
    var refused = install(OTHER_CONTENT, false);
    assertRefused(refused.reply(), PluginReply.Reason.EXISTS, "hello 1 ");
    assertThat(refused.hasNoEvents()).isTrue();
    assertThat(refused.state()).isEqualTo(INSTALLED);
    var replaced = install(OTHER_CONTENT, true);
    Plugin now = new Plugin(MANIFEST, OTHER_CONTENT, Map.of(), true, NOW);
    assertThat(replaced.reply()).isEqualTo(new PluginReply.Accepted(now));
    assertThat(replaced.event())
        .isEqualTo(new PluginEvent.Installed(stamp(2), MANIFEST, OTHER_CONTENT, Map.of()));
  }

  @Test
  void it_is_disabled_and_enabled_once_each() {
    assertThat(install(ARTIFACT, false).events()).hasSize(1);
    var disabled = setEnabled(false);
    assertThat(disabled.event()).isEqualTo(new PluginEvent.Disabled(stamp(2)));
    assertThat(disabled.reply())
        .isEqualTo(new PluginReply.Accepted(new Plugin(MANIFEST, ARTIFACT, Map.of(), false, NOW)));
    assertThat(setEnabled(false).hasNoEvents()).as("disabled already").isTrue();
    var enabled = setEnabled(true);
    assertThat(enabled.event()).isEqualTo(new PluginEvent.Enabled(stamp(3)));
    assertThat(enabled.reply()).isEqualTo(new PluginReply.Accepted(INSTALLED));
    assertThat(setEnabled(true).hasNoEvents()).as("enabled already").isTrue();
  }

  @Test
  void other_content_of_the_same_version_leaves_it_disabled() {
    assertThat(install(ARTIFACT, false).events()).hasSize(1);
    assertThat(setEnabled(false).events()).hasSize(1);
    var replaced = install(OTHER_CONTENT, true);
    assertThat(replaced.events())
        .containsExactly(
            new PluginEvent.Installed(stamp(3), MANIFEST, OTHER_CONTENT, Map.of()),
            new PluginEvent.Disabled(stamp(4)));
    assertThat(replaced.reply())
        .isEqualTo(
            new PluginReply.Accepted(new Plugin(MANIFEST, OTHER_CONTENT, Map.of(), false, NOW)));
  }

  @Test
  void files_are_added_and_removed_and_those_of_the_manifest_stay() {
    PluginArtifact model = new PluginArtifact("1", "model", "file", "/srv/model", null, ARTIFACT);
    PluginArtifact other =
        new PluginArtifact("1", "model", "file", "/srv/model", null, OTHER_CONTENT);
    assertRefused(add(model).reply(), PluginReply.Reason.NOT_FOUND, "hello");
    assertThat(install(ARTIFACT, false).events()).hasSize(1);
    var added = add(model);
    assertThat(added.event()).isEqualTo(new PluginEvent.ArtifactAdded(stamp(2), model));
    assertThat(add(model).hasNoEvents()).as("the same once more").isTrue();
    assertRefused(add(other).reply(), PluginReply.Reason.ARTIFACT_EXISTS, "model");
    Plugin now = (Plugin) plugin.restart().state();
    assertThat(now.artifacts())
        .extracting(PluginArtifact::name)
        .containsExactly("initramfs", "model");
    assertRefused(take(null, "initramfs").reply(), PluginReply.Reason.IN_USE, "manifest");
    assertRefused(take("2", "model").reply(), PluginReply.Reason.ARTIFACT_NOT_FOUND, "model");
    assertThat(take("1", "model").event())
        .isEqualTo(new PluginEvent.ArtifactRemoved(stamp(3), "1", "model"));
    assertThat(take(null, null).hasNoEvents()).as("nothing is left").isTrue();
  }

  private CommandResultWithReply<PluginCommand, PluginEvent, PluginState, PluginReply> add(
      PluginArtifact artifact) {
    return plugin.runCommand(replyTo -> new PluginCommand.AddArtifact(artifact, ADA, replyTo));
  }

  private CommandResultWithReply<PluginCommand, PluginEvent, PluginState, PluginReply> take(
      @Nullable String version, @Nullable String name) {
    return plugin.runCommand(
        replyTo -> new PluginCommand.RemoveArtifacts(version, name, ADA, replyTo));
  }

  @Test
  void it_is_removed_once() {
    assertThat(install(ARTIFACT, false).events()).hasSize(1);
    var removed = remove();
    assertThat(removed.reply()).isEqualTo(new PluginReply.Removed("hello"));
    assertThat(removed.event()).isEqualTo(new PluginEvent.Removed(stamp(2)));
    var again = remove();
    assertRefused(again.reply(), PluginReply.Reason.NOT_FOUND, "hello");
    assertThat(again.hasNoEvents()).isTrue();
    expectNotices(1, INSTALLED);
    expectNotices(1, null);
  }

  @Test
  void what_is_not_installed_cannot_be_disabled() {
    var result = setEnabled(false);
    assertRefused(result.reply(), PluginReply.Reason.NOT_FOUND, "hello");
    assertThat(result.hasNoEvents()).isTrue();
  }

  @Test
  void a_removed_one_can_be_installed_again_with_any_content() {
    assertThat(install(ARTIFACT, false).events()).hasSize(1);
    assertThat(remove().events()).hasSize(1);
    assertThat(install(OTHER_CONTENT, false).reply())
        .isEqualTo(
            new PluginReply.Accepted(new Plugin(MANIFEST, OTHER_CONTENT, Map.of(), true, NOW)));
  }

  @Test
  void a_restart_finds_it_as_it_was_and_tells_the_host() {
    assertThat(install(ARTIFACT, false).events()).hasSize(1);
    assertThat(setEnabled(false).events()).hasSize(1);
    Plugin disabled = new Plugin(MANIFEST, ARTIFACT, Map.of(), false, NOW);
    assertThat(plugin.restart().state()).isEqualTo(disabled);
    expectNotices(1, INSTALLED);
    expectNotices(2, disabled); // when it was disabled, and after the restart
    assertThat(install(ARTIFACT, false).hasNoEvents()).as("still the same").isTrue();
    assertThat(remove().event()).isEqualTo(new PluginEvent.Removed(stamp(3)));
    assertThat(plugin.restart().state()).isInstanceOf(PluginState.Absent.class);
    expectNotices(2, null);
  }

  private CommandResultWithReply<PluginCommand, PluginEvent, PluginState, PluginReply> install(
      StoredArtifact artifact, boolean replace) {
    return plugin.runCommand(
        replyTo -> new PluginCommand.Install(MANIFEST, artifact, Map.of(), replace, ADA, replyTo));
  }

  private CommandResultWithReply<PluginCommand, PluginEvent, PluginState, PluginReply> setEnabled(
      boolean enabled) {
    return plugin.runCommand(replyTo -> new PluginCommand.SetEnabled(enabled, ADA, replyTo));
  }

  private CommandResultWithReply<PluginCommand, PluginEvent, PluginState, PluginReply> remove() {
    return plugin.runCommand(replyTo -> new PluginCommand.Remove(ADA, replyTo));
  }

  /** What the actors of before told the host has come by now; this comes behind it. */
  private void passOverNotices() {
    PluginNotice last = new PluginNotice("last", null);
    host.ref().tell(last);
    assertThat(
            host.fishForMessage(
                PATIENCE,
                notice ->
                    notice.equals(last)
                        ? FishingOutcomes.complete()
                        : FishingOutcomes.continueAndIgnore()))
        .containsExactly(last);
  }

  private void expectNotices(int count, @Nullable Plugin now) {
    assertThat(host.receiveSeveralMessages(count)).containsOnly(new PluginNotice("hello", now));
  }

  private static void assertRefused(PluginReply reply, PluginReply.Reason reason, String words) {
    assertThat(reply)
        .isInstanceOfSatisfying(
            PluginReply.Refused.class,
            refused -> {
              assertThat(refused.reason()).isEqualTo(reason);
              assertThat(refused.message()).contains(words);
            });
  }

  private static StoredArtifact artifact(String word) {
    return new StoredArtifact(word.repeat(32), "/store/" + word, 1_000);
  }

  private static Stamp stamp(int number) {
    return new Stamp("plugin/hello#" + number, "hello", NOW, ADA.by(), ADA.cause());
  }
}
