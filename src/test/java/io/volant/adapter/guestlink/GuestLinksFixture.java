package io.volant.adapter.guestlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.typesafe.config.ConfigFactory;
import io.volant.adapter.unixsocket.FileDescriptors;
import io.volant.adapter.unixsocket.UnixServer;
import io.volant.adapter.unixsocket.UnixSockets;
import io.volant.model.VmId;
import io.volant.vm.LinkAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Links to something on a unix socket, and the census after each test. */
abstract class GuestLinksFixture {

  static final VmId VM = new VmId(7);

  static ActorSystem<Void> system;

  @TempDir Path folder;
  UnixSockets sockets;
  GuestLinks links;
  final SignalLog signals = new SignalLog();

  @BeforeAll
  static void startSystem(@TempDir Path warm) throws IOException {
    // The JDK keeps one descriptor for ever after the first close of a unix socket of its own.
    new UnixServer(warm.resolve("warm"), peer -> {}).close();
    system =
        ActorSystem.create(
            Behaviors.empty(), "guest-links-test", ConfigFactory.load("guestlink-test"));
  }

  @AfterAll
  static void stopSystem() throws Exception {
    system.terminate();
    system.getWhenTerminated().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  @BeforeEach
  void open() throws IOException {
    sockets = new UnixSockets();
    links = new GuestLinks(system, sockets, settings());
  }

  @AfterEach
  void close_leaves_no_connection() {
    links.close();
    await().untilAsserted(() -> assertThat(sockets.openConnections()).isZero());
    sockets.close();
  }

  /** As the daemon's, but less patient. */
  GuestLinkSettings settings() {
    return new GuestLinkSettings(
        new Backoff(50, 1_000),
        new Backoff(500, 4_000),
        new Backoff(500, 4_000),
        Duration.ofSeconds(15),
        Duration.ofSeconds(3),
        50,
        32);
  }

  Path socket() {
    return folder.resolve("link");
  }

  LinkAddress address() {
    return new LinkAddress(LinkAddress.Kind.VIRTIO_SERIAL, socket().toString());
  }

  static long socketsOfThisProcess() {
    return FileDescriptors.sockets();
  }

  static <T> T get(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
  }
}
