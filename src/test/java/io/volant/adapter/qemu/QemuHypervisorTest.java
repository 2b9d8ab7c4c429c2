package io.volant.adapter.qemu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.volant.adapter.linux.HostProbe;
import io.volant.adapter.linux.LinuxHostNetwork;
import io.volant.adapter.linux.LinuxTaps;
import io.volant.adapter.process.CommandRunner;
import io.volant.adapter.process.ProcessTable;
import io.volant.adapter.unixsocket.UnixSockets;
import io.volant.model.VmId;
import io.volant.network.NetworkSpec;
import io.volant.vm.Adoption;
import io.volant.vm.KillSpec;
import io.volant.vm.LaunchSpec;
import io.volant.vm.LinkAddress;
import io.volant.vm.VmExit;
import io.volant.vm.VmHandle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.stream.Materializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The driver with a real QEMU and a real kernel, under TCG so that it runs anywhere. */
@Tag("vm")
class QemuHypervisorTest {

  private static final Logger LOG = LoggerFactory.getLogger(QemuHypervisorTest.class);

  /** Generous: other VMs may boot on the same two cores. */
  private static final Duration BOOT_LIMIT = Duration.ofSeconds(90);

  private static final String SIGKILL = "-9";

  private static ActorTestKit actors;
  private static long clockKhz;
  private static long nextId = 1_000_001;

  @TempDir private Path runDirectory;
  private UnixSockets sockets;
  private final List<QemuHypervisor> hypervisors = new ArrayList<>();
  private LaunchSpec spec;
  private QemuHypervisor hypervisor;

  @BeforeAll
  static void startActors() throws IOException {
    clockKhz = new HostProbe().probe().clockKhz();
    actors = ActorTestKit.create();
  }

  @AfterAll
  static void stopActors() {
    actors.shutdownTestKit();
  }

  @BeforeEach
  void prepare() throws IOException {
    sockets = new UnixSockets();
    spec = TinyGuest.in(runDirectory, nextId++, "");
    hypervisor = newHypervisor();
  }

  @AfterEach
  void leave_nothing_behind() throws Exception {
    signal("-CONT", running());
    get(newHypervisor().kill(new KillSpec(spec.vmId(), spec.runDirectory(), null)));
    hypervisors.forEach(QemuHypervisor::close);
    sockets.close();
    assertThat(running()).isEmpty();
  }

  @Test
  void a_launched_vm_boots_and_is_adopted_after_a_restart_of_the_daemon() throws Exception {
    long begin = System.nanoTime();
    VmHandle handle = get(hypervisor.launch(spec));
    LOG.info("launch to QMP greeting: {} ms", (System.nanoTime() - begin) / 1_000_000);
    awaitConsole(TinyGuest.UP);

    hypervisor.close();
    QemuHypervisor next = newHypervisor();

    assertThat(get(next.adopt(handle))).isEqualTo(new Adoption.Alive());
    assertThat(get(next.launch(spec))).isEqualTo(handle);
    assertThat(running()).containsExactly(handle.pid());
    assertThat(handle.link().kind()).isEqualTo(LinkAddress.Kind.VIRTIO_SERIAL);
    assertThat(Files.exists(Path.of(handle.link().socket()))).isTrue();

    CompletionStage<VmExit> exit = next.exited(handle);
    signal(SIGKILL, List.of(handle.pid()));
    VmExit ended = within(Duration.ofSeconds(1), exit);
    assertThat(ended.code()).isNull();
    assertThat(ended.reason()).contains("pid " + handle.pid()).contains("nobody was there");
    assertThat(ended.consoleTail()).contains(TinyGuest.UP);
  }

  @Test
  void a_killed_process_is_noticed_within_a_second_with_signal_and_console() throws Exception {
    VmHandle handle = get(hypervisor.launch(spec));
    awaitConsole(TinyGuest.UP);
    CompletionStage<VmExit> exit = hypervisor.exited(handle);

    long begin = System.nanoTime();
    signal(SIGKILL, List.of(handle.pid()));
    VmExit ended = within(Duration.ofSeconds(1), exit);
    LOG.info("kill -9 to exit: {} ms", (System.nanoTime() - begin) / 1_000_000);

    assertThat(ended.signal()).isEqualTo(9);
    assertThat(ended.code()).isNull();
    assertThat(ended.reason()).isEqualTo("killed by signal 9 (SIGKILL)");
    assertThat(ended.consoleTail()).contains(TinyGuest.UP);
  }

  @Test
  void a_guest_that_powers_off_is_told_from_one_that_was_killed() throws Exception {
    spec = TinyGuest.in(runDirectory, spec.vmId().value(), "/bin/busybox reboot -f");
    VmHandle handle = get(hypervisor.launch(spec));

    VmExit ended = within(BOOT_LIMIT, hypervisor.exited(handle));

    assertThat(ended.reason()).isEqualTo("the guest powered off");
    assertThat(ended.code()).isEqualTo(0);
    assertThat(ended.consoleTail()).contains(TinyGuest.UP);
  }

  @Test
  void a_panic_of_the_kernel_is_the_reason_of_the_end() throws Exception {
    spec = TinyGuest.in(runDirectory, spec.vmId().value(), "exit 3");
    VmHandle handle = get(hypervisor.launch(spec));

    VmExit ended = within(BOOT_LIMIT, hypervisor.exited(handle));

    assertThat(ended.reason()).startsWith("the guest's kernel panicked: Kernel panic");
  }

  @Test
  void two_launches_at_once_give_one_process() throws Exception {
    CompletionStage<VmHandle> first = hypervisor.launch(spec);
    CompletionStage<VmHandle> second = hypervisor.launch(spec);

    assertThat(get(first)).isEqualTo(get(second)).isEqualTo(get(hypervisor.launch(spec)));
    assertThat(running()).containsExactly(get(first).pid());
  }

  @Test
  void a_process_that_a_dying_daemon_just_started_is_taken_over() throws Exception {
    CompletionStage<VmHandle> never = hypervisor.launch(spec);
    await().atMost(Duration.ofSeconds(10)).until(() -> !running().isEmpty());
    hypervisor.close();
    assertThat(never).isNotNull();

    VmHandle handle = get(newHypervisor().launch(spec));

    assertThat(running()).containsExactly(handle.pid());
  }

  @Test
  void a_qemu_that_ends_at_once_is_a_failure_with_its_last_words() throws IOException {
    Files.delete(Path.of(spec.initrd()));

    assertThat(hypervisor.launch(spec))
        .failsWithin(Duration.ofSeconds(20))
        .withThrowableThat()
        .withMessageContaining("cannot start the VM tiny: QEMU (pid ")
        .withMessageContaining("exited with code 1")
        .withMessageContaining(spec.initrd());
  }

  @Test
  void a_pid_that_belongs_to_another_process_is_gone_and_never_killed() throws Exception {
    Process bystander = new ProcessBuilder("sleep", "600").start();
    try {
      VmHandle stale = handleOf(bystander.pid(), 1, new ProcessTable().bootId());

      assertThat(get(hypervisor.adopt(stale))).isInstanceOf(Adoption.Gone.class);
      assertThat(within(Duration.ofSeconds(1), hypervisor.exited(stale)).code()).isNull();
      get(hypervisor.kill(new KillSpec(spec.vmId(), spec.runDirectory(), stale)));
      assertThat(bystander.isAlive()).isTrue();
    } finally {
      bystander.destroyForcibly();
    }
  }

  @Test
  void a_handle_from_before_a_restart_of_the_host_is_gone() throws Exception {
    long ownTicks =
        new ProcessTable().find(ProcessHandle.current().pid()).orElseThrow().startTicks();
    VmHandle old = handleOf(ProcessHandle.current().pid(), ownTicks, "another-boot");

    Adoption adoption = get(hypervisor.adopt(old));

    assertThat(adoption)
        .isInstanceOfSatisfying(
            Adoption.Gone.class,
            gone -> assertThat(gone.exit().reason()).contains("host was restarted"));
    get(hypervisor.kill(new KillSpec(spec.vmId(), spec.runDirectory(), old)));
    assertThat(ProcessHandle.current().isAlive()).isTrue();
  }

  @Test
  void a_vm_whose_control_socket_hangs_is_unsure_and_stays() throws Exception {
    VmHandle handle = get(hypervisor.launch(spec));
    hypervisor.close();
    signal("-STOP", List.of(handle.pid()));
    QemuHypervisor next = newHypervisor();

    assertThat(get(next.adopt(handle))).isInstanceOf(Adoption.Unsure.class);
    assertThat(running()).containsExactly(handle.pid());

    signal("-CONT", List.of(handle.pid()));
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> get(next.adopt(handle)) instanceof Adoption.Alive);
  }

  @Test
  void kill_ends_a_process_that_was_never_recorded() throws Exception {
    VmHandle handle = get(hypervisor.launch(spec));
    CompletionStage<VmExit> exit = hypervisor.exited(handle);
    KillSpec unrecorded = new KillSpec(spec.vmId(), spec.runDirectory(), null);

    long begin = System.nanoTime();
    get(newHypervisor().kill(unrecorded));
    LOG.info("kill to gone: {} ms", (System.nanoTime() - begin) / 1_000_000);

    assertThat(running()).isEmpty();
    assertThat(within(Duration.ofSeconds(1), exit).signal()).isEqualTo(9);
    get(hypervisor.kill(unrecorded));
  }

  @Test
  void a_guest_that_floods_its_console_fills_no_disk() throws Exception {
    spec =
        TinyGuest.in(
            runDirectory,
            spec.vmId().value(),
            "exec /bin/busybox yes the-same-line-again-and-again-and-again");
    QemuSettings small =
        new QemuSettings(
            "qemu-system-x86_64",
            Accelerator.TCG,
            false,
            clockKhz,
            Duration.ofSeconds(20),
            Duration.ofSeconds(2),
            128 * 1024);
    hypervisor = newHypervisor(small);
    VmHandle handle = get(hypervisor.launch(spec));
    Path log = Path.of(handle.consoleLog());

    await()
        .atMost(BOOT_LIMIT)
        .until(() -> Files.exists(log) && Files.readString(log).contains("were thrown away"));

    assertThat(Files.size(log)).isLessThan(1024 * 1024);
    assertThat(get(hypervisor.adopt(handle))).isEqualTo(new Adoption.Alive());
  }

  @Test
  void a_nic_plugs_into_its_tap_under_the_sandbox() throws Exception {
    CommandRunner commands = new CommandRunner(Duration.ofSeconds(20));
    LinuxTaps taps = new LinuxTaps(commands, Runnable::run);
    LinuxHostNetwork network = new LinuxHostNetwork(commands, "volant_qemu", Runnable::run);
    NetworkSpec bridge = new NetworkSpec("q", "vbrt2", "10.231.12.0/24", "10.231.12.1");
    String tap = VmId.of(77_778, spec.vmId().value()).tapName();
    get(network.ensure(bridge));
    try {
      get(taps.ensure(tap, "vbrt2"));
      get(hypervisor.launch(withNic(new LaunchSpec.Nic(tap, spec.vmId().macAddress()))));

      assertThat(Files.readString(Path.of("/sys/class/net", tap, "carrier")).strip())
          .isEqualTo("1");
    } finally {
      get(hypervisor.kill(new KillSpec(spec.vmId(), spec.runDirectory(), null)));
      get(taps.remove(tap));
      get(network.remove(bridge));
    }
  }

  private QemuHypervisor newHypervisor() {
    return newHypervisor(QemuSettings.of("qemu-system-x86_64", Accelerator.TCG, false, clockKhz));
  }

  private QemuHypervisor newHypervisor(QemuSettings settings) {
    QemuHypervisor made =
        new QemuHypervisor(settings, sockets, Materializer.createMaterializer(actors.system()));
    hypervisors.add(made);
    return made;
  }

  private LaunchSpec withNic(LaunchSpec.Nic nic) {
    return new LaunchSpec(
        spec.vmId(),
        spec.name(),
        spec.runDirectory(),
        spec.kernel(),
        spec.initrd(),
        spec.kernelCommandLine(),
        spec.cpuCores(),
        spec.memoryMib(),
        spec.disks(),
        nic,
        spec.hasAgent());
  }

  private VmHandle handleOf(long pid, long startTicks, String bootId) {
    RunFiles files = RunFiles.of(spec.runDirectory());
    return new VmHandle(
        QemuHypervisor.DRIVER,
        pid,
        startTicks,
        bootId,
        spec.runDirectory(),
        files.qmpSocket().toString(),
        files.consoleLog().toString(),
        new LinkAddress(LinkAddress.Kind.VIRTIO_SERIAL, files.linkSocket().toString()));
  }

  private List<Long> running() throws IOException {
    return new QemuProcesses()
        .of(RunFiles.of(spec.runDirectory())).stream()
            .map(ProcessTable.ProcessIdentity::pid)
            .toList();
  }

  private void awaitConsole(String line) {
    Path log = RunFiles.of(spec.runDirectory()).consoleLog();
    await()
        .atMost(BOOT_LIMIT)
        .until(() -> Files.exists(log) && Files.readString(log).contains(line));
  }

  private static void signal(String signal, List<Long> pids) throws Exception {
    for (long pid : pids) {
      new ProcessBuilder("kill", signal, Long.toString(pid)).start().waitFor();
    }
  }

  private static <T> T get(CompletionStage<T> stage) throws Exception {
    return within(Duration.ofSeconds(20), stage);
  }

  private static <T> T within(Duration limit, CompletionStage<T> stage) throws Exception {
    CompletableFuture<T> future = stage.toCompletableFuture();
    return future.get(limit.toMillis(), TimeUnit.MILLISECONDS);
  }
}
