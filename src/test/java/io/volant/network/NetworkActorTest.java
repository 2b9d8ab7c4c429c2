package io.volant.network;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.volant.model.Asker;
import io.volant.model.Lease;
import io.volant.model.VmId;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.persistence.testkit.javadsl.EventSourcedBehaviorTestKit;
import org.apache.pekko.persistence.testkit.javadsl.EventSourcedBehaviorTestKit.CommandResultWithReply;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The real actor, its events through their stored form, and a host's side that does as told. */
class NetworkActorTest {

  private static final ActorTestKit KIT =
      ActorTestKit.create(
          EventSourcedBehaviorTestKit.config()
              .withFallback(ConfigFactory.parseResources("engine.conf"))
              .withFallback(ConfigFactory.load())
              .resolve());

  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-03-01T12:00:00Z"), ZoneOffset.UTC);
  private static final Asker ADA = new Asker("ada", "request-1");
  private static final NetworkSpec SPEC =
      new NetworkSpec("default", "vbr0", "10.0.0.0/24", "10.0.0.1");
  private static final NetworkSpec OTHER =
      new NetworkSpec("default", "vbr0", "10.7.0.0/16", "10.7.0.1");
  private static final VmId WEB = new VmId(1);
  private static final VmId SHOP = new VmId(2);

  private final ScriptedHostNetwork hostNetwork = new ScriptedHostNetwork();
  private final EventSourcedBehaviorTestKit<NetworkCommand, NetworkEvent, NetworkState> network =
      EventSourcedBehaviorTestKit.create(
          KIT.system(),
          NetworkActor.create("default", hostNetwork, CLOCK),
          EventSourcedBehaviorTestKit.enabledSerializationSettings()
              .withVerifyCommands(false)
              .withVerifyState(false)
              .withVerifyEquality(true));

  @BeforeEach
  void beginAnew() {
    network.clear();
    hostNetwork.asked.clear(); // the actor that ended just now may have found the leases of a test
    assertThat(network.runCommand(new NetworkCommand.Define(SPEC)).events()).hasSize(1);
  }

  @AfterAll
  static void endActors() {
    KIT.shutdownTestKit();
  }

  @Test
  void a_vm_gets_a_lease_with_all_that_its_guest_needs() {
    var result = lend(WEB);
    Lease lease = new Lease("10.0.0.2", 24, "10.0.0.1", WEB.macAddress(), "vbr0");
    assertThat(result.reply()).isEqualTo(new NetworkReply.Lent(WEB, lease));
    NetworkEvent.AddressLent lent = (NetworkEvent.AddressLent) result.event();
    assertThat(lent.ipAddress()).isEqualTo("10.0.0.2");
    assertThat(lent.stamp().id()).isEqualTo("network/default#2");
    assertThat(lent.stamp().by()).isEqualTo("ada");
    assertThat(lent.stamp().cause()).isEqualTo("request-1");
  }

  @Test
  void a_bridge_that_cannot_be_had_refuses_and_is_tried_again_at_the_next_request() {
    hostNetwork.next(failure("no right to make a bridge: start volantd as root"));
    hostNetwork.next(failure("nft is not installed"));
    assertThat(lend(WEB).reply())
        .isEqualTo(unavailable(WEB, "no right to make a bridge: start volantd as root"));
    var second = lend(WEB);
    assertThat(second.reply()).isEqualTo(unavailable(WEB, "nft is not installed"));
    assertThat(second.hasNoEvents()).isTrue();
    assertThat(addressIn(lend(WEB))).isEqualTo("10.0.0.2");
    assertThat(hostNetwork.asked).containsExactly(SPEC, SPEC, SPEC);
  }

  @Test
  void a_bridge_that_is_up_is_not_asked_for_again() {
    assertThat(addressIn(lend(WEB))).isEqualTo("10.0.0.2");
    assertThat(addressIn(lend(SHOP))).isEqualTo("10.0.0.3");
    assertThat(hostNetwork.asked).containsExactly(SPEC);
  }

  @Test
  void all_who_waited_for_the_bridge_get_their_addresses_when_it_is_up() {
    CompletableFuture<Done> bridge = new CompletableFuture<>();
    hostNetwork.next(bridge);
    TestProbe<NetworkReply> replies = KIT.createTestProbe();
    assertThat(network.runCommand(new NetworkCommand.Lend(WEB, ADA, replies.ref())).hasNoEvents())
        .isTrue();
    assertThat(network.runCommand(new NetworkCommand.Lend(SHOP, ADA, replies.ref())).hasNoEvents())
        .isTrue();
    assertThat(bridge.complete(Done.getInstance())).isTrue();
    assertThat(replies.receiveSeveralMessages(2))
        .extracting(reply -> ((NetworkReply.Lent) reply).lease().ipAddress())
        .containsExactly("10.0.0.2", "10.0.0.3");
    assertThat(hostNetwork.asked).containsExactly(SPEC);
  }

  @Test
  void a_vm_that_gave_up_waiting_for_the_bridge_gets_nothing() {
    CompletableFuture<Done> bridge = new CompletableFuture<>();
    hostNetwork.next(bridge);
    TestProbe<NetworkReply> replies = KIT.createTestProbe();
    assertThat(network.runCommand(new NetworkCommand.Lend(WEB, ADA, replies.ref())).hasNoEvents())
        .isTrue();
    assertThat(giveBack(WEB).reply()).isEqualTo(new NetworkReply.Returned(WEB));
    assertThat(bridge.complete(Done.getInstance())).isTrue();
    assertThat(addressIn(lend(SHOP))).isEqualTo("10.0.0.2");
    assertThat(present().pool().heldBy(WEB)).isEmpty();
  }

  @Test
  void a_vm_that_asks_twice_has_one_address_and_one_event() {
    var first = lend(WEB);
    var second = lend(WEB);
    assertThat(second.reply()).isEqualTo(first.reply());
    assertThat(first.events()).hasSize(1);
    assertThat(second.hasNoEvents()).isTrue();
  }

  @Test
  void a_vm_that_comes_back_gets_the_address_that_it_had() {
    assertThat(addressIn(lend(WEB))).isEqualTo("10.0.0.2");
    assertThat(giveBack(WEB).event()).isInstanceOf(NetworkEvent.AddressReturned.class);
    assertThat(addressIn(lend(SHOP))).as("not the one just given back").isEqualTo("10.0.0.3");
    assertThat(addressIn(lend(WEB))).isEqualTo("10.0.0.2");
  }

  @Test
  void giving_back_what_one_does_not_have_is_answered_and_changes_nothing() {
    var result = giveBack(WEB);
    assertThat(result.reply()).isEqualTo(new NetworkReply.Returned(WEB));
    assertThat(result.hasNoEvents()).isTrue();
  }

  @Test
  void a_full_network_refuses_until_somebody_gives_back() {
    NetworkSpec small = new NetworkSpec("default", "vbr0", "10.0.0.0/30", "10.0.0.1");
    assertThat(network.runCommand(new NetworkCommand.Define(small)).events()).hasSize(1);
    assertThat(addressIn(lend(WEB))).isEqualTo("10.0.0.2");
    assertThat(lend(SHOP).reply())
        .isInstanceOfSatisfying(
            NetworkReply.Refused.class,
            refused -> {
              assertThat(refused.reason()).isEqualTo(NetworkReply.Reason.EXHAUSTED);
              assertThat(refused.message()).contains("10.0.0.0/30", "default");
            });
    assertThat(giveBack(WEB).events()).hasSize(1);
    assertThat(addressIn(lend(SHOP))).isEqualTo("10.0.0.2");
  }

  @Test
  void what_strangers_hold_is_taken_back() {
    VmId stranger = new VmId(3);
    assertThat(List.of(addressIn(lend(WEB)), addressIn(lend(SHOP)), addressIn(lend(stranger))))
        .doesNotHaveDuplicates();
    var result = network.runCommand(new NetworkCommand.KeepOnly(Set.of(SHOP, new VmId(9))));
    assertThat(result.events())
        .extracting(event -> ((NetworkEvent.AddressReturned) event).vmId())
        .containsExactlyInAnyOrder(WEB, stranger);
    assertThat(result.events())
        .extracting(event -> event.stamp().id())
        .containsExactly("network/default#5", "network/default#6");
    assertThat(present().pool().places()).containsOnlyKeys(SHOP);
  }

  @Test
  void the_same_network_again_is_no_event() {
    assertThat(network.runCommand(new NetworkCommand.Define(SPEC)).hasNoEvents()).isTrue();
  }

  @Test
  void another_subnet_is_taken_only_while_nobody_holds_an_address() {
    assertThat(addressIn(lend(WEB))).isEqualTo("10.0.0.2");
    assertThat(network.runCommand(new NetworkCommand.Define(OTHER)).hasNoEvents()).isTrue();
    assertThat(present().spec()).isEqualTo(SPEC);
    assertThat(addressIn(lend(SHOP))).isEqualTo("10.0.0.3");
    assertThat(giveBack(WEB).events()).hasSize(1);
    assertThat(giveBack(SHOP).events()).hasSize(1);
    assertThat(network.runCommand(new NetworkCommand.Define(OTHER)).events()).hasSize(1);
    assertThat(addressIn(lend(WEB))).isEqualTo("10.7.0.2");
    assertThat(hostNetwork.asked).as("the bridge follows").containsExactly(SPEC, OTHER);
  }

  @Test
  void a_restart_keeps_the_leases_and_sees_to_the_bridge_at_once() {
    NetworkReply before = lend(WEB).reply();
    assertThat(giveBack(SHOP).hasNoEvents()).isTrue();
    NetworkState state = network.getState();
    assertThat(network.restart().state()).isEqualTo(state);
    var again = lend(WEB);
    assertThat(again.reply()).isEqualTo(before);
    assertThat(again.hasNoEvents()).isTrue();
    assertThat(hostNetwork.asked).containsExactly(SPEC, SPEC);
    assertThat(addressIn(lend(SHOP))).isEqualTo("10.0.0.3");
  }

  @Test
  void a_restart_of_an_idle_network_leaves_the_host_alone() {
    assertThat(addressIn(lend(WEB))).isEqualTo("10.0.0.2");
    assertThat(giveBack(WEB).events()).hasSize(1);
    assertThat(network.restart().state()).isInstanceOf(NetworkState.Present.class);
    assertThat(hostNetwork.asked).containsExactly(SPEC);
  }

  @Test
  void a_network_that_is_not_defined_lends_nothing() {
    network.clear();
    var result = lend(WEB);
    assertThat(result.reply()).isEqualTo(unavailable(WEB, "network default is not defined"));
    assertThat(result.hasNoEvents()).isTrue();
    assertThat(hostNetwork.asked).isEmpty();
  }

  private CommandResultWithReply<NetworkCommand, NetworkEvent, NetworkState, NetworkReply> lend(
      VmId vmId) {
    return network.runCommand(replyTo -> new NetworkCommand.Lend(vmId, ADA, replyTo));
  }

  private CommandResultWithReply<NetworkCommand, NetworkEvent, NetworkState, NetworkReply> giveBack(
      VmId vmId) {
    return network.runCommand(replyTo -> new NetworkCommand.Return(vmId, ADA, replyTo));
  }

  private NetworkState.Present present() {
    return (NetworkState.Present) network.getState();
  }

  private static String addressIn(
      CommandResultWithReply<NetworkCommand, NetworkEvent, NetworkState, NetworkReply> result) {
    return ((NetworkReply.Lent) result.reply()).lease().ipAddress();
  }

  private static NetworkReply unavailable(VmId vmId, String why) {
    return new NetworkReply.Refused(vmId, NetworkReply.Reason.UNAVAILABLE, why);
  }

  private static CompletionStage<Done> failure(String why) {
    return CompletableFuture.failedFuture(new CompletionException(new IllegalStateException(why)));
  }

  /** Answers with what the test has laid out, then with success. */
  private static final class ScriptedHostNetwork implements HostNetwork {

    private final Queue<CompletionStage<Done>> answers = new ConcurrentLinkedQueue<>();
    private final Queue<NetworkSpec> asked = new ConcurrentLinkedQueue<>();

    void next(CompletionStage<Done> answer) {
      answers.add(answer);
    }

    @Override
    public CompletionStage<Done> ensure(NetworkSpec spec) {
      asked.add(spec);
      CompletionStage<Done> laidOut = answers.poll();
      return laidOut == null ? CompletableFuture.completedFuture(Done.getInstance()) : laidOut;
    }

    @Override
    public CompletionStage<Done> remove(NetworkSpec spec) {
      throw new AssertionError("nobody removes a network");
    }
  }
}
