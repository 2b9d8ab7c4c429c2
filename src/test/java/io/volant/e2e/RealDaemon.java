package io.volant.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.volant.adapter.linux.LeakCensus;
import io.volant.adapter.linux.LinuxHostNetwork;
import io.volant.adapter.process.CommandRunner;
import io.volant.model.VmId;
import io.volant.network.NetworkSpec;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** A volantd of its own: own home, port, bridge and subnet; below it real QEMU, or nothing real. */
final class RealDaemon implements AutoCloseable {

  static final ObjectMapper JSON = new ObjectMapper();
  private static final Path DISTRIBUTION = Path.of("target/volant").toAbsolutePath();
  private static final int HOST_NUMBER_BASE = 900;
  private static final Pattern TAP = Pattern.compile("vt([0-9a-z]{1,12})");
  private static final Duration START = Duration.ofSeconds(90);
  private static final Duration COMMAND = Duration.ofMinutes(3);

  private final Path home;
  private final NetworkSpec network;
  private final int hostNumber;
  private final int port;
  private final Map<String, String> environment;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final boolean simulated;
  private @Nullable Process process;

  /**
   * Prepares a daemon that runs real VMs.
   *
   * @param number 0 to 99: keeps bridges and subnets of several apart
   * @param settings more for the JVM: {@code -Dvolant.vm.start-timeout=5s}
   */
  RealDaemon(Path home, int number, String settings) throws IOException {
    this(home, number, settings, false);
  }

  /** Prepares a daemon whose VMs are simulated, and end with it. It needs no root. */
  static RealDaemon simulated(Path home, int number, String settings) throws IOException {
    return new RealDaemon(home, number, "-Dvolant.hypervisor.driver=simulated " + settings, true);
  }

  private RealDaemon(Path home, int number, String settings, boolean simulated) throws IOException {
    this.simulated = simulated;
    this.home = home;
    this.network =
        new NetworkSpec(
            "default", "vbre" + number, "10.233." + number + ".0/24", "10.233." + number + ".1");
    this.hostNumber = HOST_NUMBER_BASE + number;
    this.port = freePort();
    this.environment =
        Map.of(
            "VOLANT_HOME", home.toString(),
            "VOLANT_API_LISTEN", "127.0.0.1:" + port,
            "VOLANT_API_BASE", "http://127.0.0.1:" + port,
            "VOLANT_BRIDGE", network.bridge(),
            "VOLANT_SUBNET", network.subnet(),
            "VOLANT_HOST_IP", network.hostAddress(),
            // ids, and by them taps and MACs, of another host: a demo's daemon may run beside this
            // one
            "JAVA_OPTS", "-Dvolant.host.number=" + hostNumber + " " + settings);
    Path shelf = Path.of("/var/lib/volant/kernels");
    if (!Files.exists(home.resolve("kernels"))) {
      Files.createDirectories(home);
      Files.createSymbolicLink(home.resolve("kernels"), shelf);
    }
  }

  /** Starts it and waits until the API answers. */
  void start() throws IOException {
    ProcessBuilder builder = builder(List.of(DISTRIBUTION.resolve("bin/volantd").toString()));
    builder.redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(home.resolve("volantd.log").toFile()));
    Process started = builder.start();
    process = started;
    Awaitility.await("volantd answers; its log is " + home.resolve("volantd.log"))
        .atMost(START)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> {
          if (!started.isAlive()) {
            throw new AssertionError(Files.readString(home.resolve("volantd.log")));
          }
          return answers();
        });
  }

  /** Kills it as hard as can be; the VMs must not notice. */
  void kill() throws InterruptedException {
    Process running = process;
    if (running != null) {
      running.destroyForcibly();
      running.waitFor();
    }
  }

  /** Asks for something, kills the daemon a while later, answered or not, and starts it again. */
  void dieDuring(String method, String path, String body, int afterMs)
      throws IOException, InterruptedException {
    CompletableFuture<Integer> answer =
        CompletableFuture.supplyAsync(() -> {
          try {
            return call(method, path, body).statusCode();
          } catch (IOException killed) {
            return 0;
          } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return 0;
          }
        });
    dieIn(afterMs);
    try {
      var _ = answer.get(10, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException failure) {
      throw new AssertionError("the client hangs though the daemon is dead", failure);
    }
    start();
  }

  /** Waits so long, then kills the daemon. */
  void dieIn(int afterMs) throws InterruptedException {
    CompletableFuture<Void> moment = new CompletableFuture<>();
    var _ = moment.completeOnTimeout(null, afterMs, TimeUnit.MILLISECONDS);
    moment.join();
    kill();
  }

  Path home() {
    return home;
  }

  NetworkSpec network() {
    return network;
  }

  /** Runs a program of the tree with this daemon's environment: what it printed, if it exits 0. */
  String run(String program, String... arguments) throws IOException, InterruptedException {
    Ended ended = end(program, arguments);
    if (ended.code() != 0) {
      throw new AssertionError(
          program + " " + List.of(arguments) + " exits " + ended.code() + ":\n" + ended.output());
    }
    return ended.output();
  }

  /** The same for one that does not exit 0. */
  String refused(String program, String... arguments) throws IOException, InterruptedException {
    Ended ended = end(program, arguments);
    if (ended.code() == 0) {
      throw new AssertionError(program + " " + List.of(arguments) + " exits 0:\n" + ended.output());
    }
    return ended.output();
  }

  private record Ended(int code, String output) {}

  private Ended end(String program, String... arguments) throws IOException, InterruptedException {
    Process started = begin(program, arguments);
    String output = new String(started.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!started.waitFor(COMMAND.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError(program + " does not end:\n" + output);
    }
    return new Ended(started.exitValue(), output);
  }

  /** Starts one that goes on while the test does: to be destroyed. */
  Process begin(String program, String... arguments) throws IOException {
    List<String> words = new ArrayList<>();
    words.add(DISTRIBUTION.resolve("bin").resolve(program).toString());
    words.addAll(List.of(arguments));
    return builder(words).redirectErrorStream(true).start();
  }

  /**
   * Starts a program of the tree on a terminal, as a person would: what is written to the process
   * is typed, what it prints is read from it.
   */
  Process onTerminal(String program, String arguments) throws IOException {
    String command = DISTRIBUTION.resolve("bin").resolve(program) + " " + arguments;
    return builder(List.of("script", "--quiet", "--return", "--command", command, "/dev/null"))
        .redirectErrorStream(true)
        .start();
  }

  HttpResponse<String> call(String method, String path, String body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(COMMAND)
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (!body.isEmpty()) {
      request.header("Content-Type", "application/json");
    }
    return client.send(request.build(), BodyHandlers.ofString());
  }

  /** The answer's JSON; the status must be as expected. */
  JsonNode json(String method, String path, String body, int status)
      throws IOException, InterruptedException {
    HttpResponse<String> response = call(method, path, body);
    if (response.statusCode() != status) {
      throw new AssertionError(
          method + " " + path + " gave " + response.statusCode() + ": " + response.body());
    }
    return response.body().isEmpty() ? JSON.nullNode() : JSON.readTree(response.body());
  }

  JsonNode vm(String name) throws IOException, InterruptedException {
    return json("GET", "/api/v1/vms/" + name, "", 200);
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  HttpClient client() {
    return client;
  }

  /** What is on this host that belongs to no VM, the bridge aside. */
  LeakCensus.Leaks leaks() throws IOException, InterruptedException {
    LeakCensus census =
        new LeakCensus(
            home.resolve("vms"),
            Set.of(network.bridge()),
            LinuxHostNetwork.TABLE,
            new CommandRunner(Duration.ofSeconds(10)));
    return census.take(new LeakCensus.Expected(strangers(), Set.of(), Set.of(network.bridge())));
  }

  /** VMs of other daemons on this machine, known by their taps. */
  private Set<VmId> strangers() throws IOException {
    try (Stream<Path> links = Files.list(Path.of("/sys/class/net"))) {
      return links
          .map(link -> TAP.matcher(link.getFileName().toString()))
          .filter(Matcher::matches)
          .map(tap -> new VmId(Long.parseLong(tap.group(1), Character.MAX_RADIX)))
          .filter(id -> id.value() >>> Integer.SIZE != hostNumber)
          .collect(Collectors.toSet());
    }
  }

  /** Deletes every deployment and VM, ends the daemon, and takes the network away. */
  @Override
  public void close() throws IOException {
    Process running = process;
    if (running == null) {
      return;
    }
    try {
      if (simulated) {
        end();
        return;
      }
      if (!running.isAlive()) {
        start();
      }
      // deployments first: they would make their VMs anew
      for (String kind : List.of("/api/v1/deployments", "/api/v1/vms")) {
        for (JsonNode each : json("GET", kind, "", 200)) {
          call("DELETE", kind + "/" + each.get("name").asText(), "");
        }
      }
      end();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
    new LinuxHostNetwork(
            new CommandRunner(Duration.ofSeconds(10)), LinuxHostNetwork.TABLE, Runnable::run)
        .remove(network)
        .toCompletableFuture()
        .join();
  }

  /** Ends it in an orderly way; the VMs go on. */
  private void end() throws InterruptedException {
    Process running = process;
    if (running != null) {
      running.destroy();
      running.waitFor();
    }
  }

  private boolean answers() {
    try {
      return call("GET", "/healthz", "").statusCode() == 200;
    } catch (IOException notYet) {
      return false;
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private ProcessBuilder builder(List<String> words) {
    ProcessBuilder builder = new ProcessBuilder(words);
    builder.environment().putAll(environment);
    return builder;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
