package io.volant.adapter.qemu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.volant.adapter.linux.HostProbe;
import io.volant.adapter.unixsocket.UnixSockets;
import io.volant.vm.GuestException;
import io.volant.vm.KillSpec;
import io.volant.vm.LaunchSpec;
import io.volant.vm.SerialConsole;
import io.volant.vm.VmHandle;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.stream.BoundedSourceQueue;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The serial console of a real QEMU with a real kernel. */
@Tag("vm")
class QemuConsoleTest {

  private static final Duration BOOT_LIMIT = Duration.ofSeconds(90);
  private static final long VM = 3_000_001;
  private static ActorTestKit actors;

  @TempDir private Path runDirectory;
  private UnixSockets sockets;
  private QemuHypervisor hypervisor;
  private LaunchSpec spec;

  @BeforeAll
  static void startActors() {
    actors = ActorTestKit.create();
  }

  @AfterAll
  static void stopActors() {
    actors.shutdownTestKit();
  }

  @BeforeEach
  void prepare() throws IOException {
    sockets = new UnixSockets();
    hypervisor = driver(1024 * 1024);
    spec = TinyGuest.in(runDirectory, VM, "");
  }

  @AfterEach
  void leave_nothing_behind() throws Exception {
    get(hypervisor.kill(new KillSpec(spec.vmId(), spec.runDirectory(), null)));
    hypervisor.close();
    sockets.close();
  }

  @Test
  void what_is_typed_is_heard_and_all_readers_see_the_answer() throws Exception {
    VmHandle handle = launch("while read line; do echo \"heard: $line\"; done");
    Tape early = new Tape(hypervisor.console(handle));
    early.awaitText(TinyGuest.UP);

    BoundedSourceQueue<ByteString> keyboard = type(hypervisor.console(handle));
    keyboard.offer(ByteString.fromString("one\r"));
    early.awaitText("heard: one\r\n");
    Tape late = new Tape(hypervisor.console(handle));
    late.awaitText("heard: one\r\n");
    keyboard.complete();

    // QEMU serves one client: the next comes when the first has left.
    BoundedSourceQueue<ByteString> next = type(hypervisor.console(handle));
    next.offer(ByteString.fromString("two\r"));
    early.awaitText("heard: two\r\n");
    late.awaitText("heard: two\r\n");
    assertThat(late.text()).isEqualTo(early.text()).contains(TinyGuest.UP);

    get(hypervisor.kill(new KillSpec(spec.vmId(), spec.runDirectory(), handle)));
    get(early.end);
    get(late.end);
  }

  @Test
  void a_flood_is_cut_for_who_falls_behind_and_goes_on_for_who_reads() throws Exception {
    hypervisor.close();
    hypervisor = driver(8 * 1024 * 1024);
    VmHandle handle = launch("exec /bin/busybox yes the-same-line-again-and-again");
    var sleeper =
        hypervisor
            .console(handle)
            .output()
            .runWith(Sink.queue(), Materializer.createMaterializer(actors.system()));
    assertThat(get(sleeper.pull())).isPresent();
    Tape reader = new Tape(hypervisor.console(handle));
    await().atMost(BOOT_LIMIT).until(() -> reader.bytes() > 3 * 1024 * 1024);

    StringBuilder slept = new StringBuilder();
    await()
        .atMost(BOOT_LIMIT)
        .until(() -> {
          slept.append(get(sleeper.pull()).orElseThrow().utf8String());
          return slept.indexOf("bytes were left out here]") >= 0;
        });
    sleeper.cancel();
  }

  @Test
  void the_console_of_a_process_that_has_ended_is_refused() throws Exception {
    VmHandle handle = launch("");
    var exit = hypervisor.exited(handle);
    get(hypervisor.kill(new KillSpec(spec.vmId(), spec.runDirectory(), handle)));
    get(exit);
    assertThatThrownBy(() -> hypervisor.console(handle)).isInstanceOf(GuestException.class);
  }

  private QemuHypervisor driver(long logBytesMax) throws IOException {
    QemuSettings settings =
        new QemuSettings(
            "qemu-system-x86_64",
            Accelerator.TCG,
            false,
            new HostProbe().probe().clockKhz(),
            Duration.ofSeconds(20),
            Duration.ofSeconds(2),
            logBytesMax);
    return new QemuHypervisor(settings, sockets, Materializer.createMaterializer(actors.system()));
  }

  private VmHandle launch(String commands) throws Exception {
    spec = TinyGuest.in(runDirectory, VM, commands);
    return get(hypervisor.launch(spec));
  }

  private static BoundedSourceQueue<ByteString> type(SerialConsole console) throws Exception {
    Sink<ByteString, CompletionStage<Done>> keyboard = get(console.input());
    return Source.<ByteString>queue(16).to(keyboard).run(actors.system());
  }

  private static <T> T get(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(BOOT_LIMIT.toSeconds(), TimeUnit.SECONDS);
  }

  /** What one reader has seen. */
  @SuppressWarnings("JdkObsolete") // one thread writes, another reads
  private static final class Tape {
    private final StringBuffer seen = new StringBuffer();
    private final CompletableFuture<Done> end;

    Tape(SerialConsole console) {
      end =
          console
              .output()
              .map(ByteString::utf8String)
              .toMat(Sink.foreach(seen::append), Keep.right())
              .run(actors.system())
              .toCompletableFuture();
    }

    String text() {
      return seen.toString();
    }

    long bytes() {
      return seen.length();
    }

    void awaitText(String text) {
      await().atMost(BOOT_LIMIT).until(() -> seen.indexOf(text) >= 0);
    }
  }
}
