import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Many clients of the event stream on one thread, while plugins are switched on and off at a steady rate: one event
 * each. Run as a source file; the arguments are: API, file for the result, process id of the daemon, how many clients,
 * events a second, seconds of warm-up, seconds that count, names of the plugins.
 *
 * <p>The result is a JSON object: clients, events, missing (of all that each client should have got), per_second,
 * p50_ms, p99_ms, max_ms (from the time in an event until a client has read its last byte), daemon_cores (processor
 * time of the daemon over the time that counts).
 */
final class Subscribers {

  private static final byte[] ID = "\nid: ".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] TIME = "\"timestamp\":\"".getBytes(StandardCharsets.US_ASCII);
  private static final int EVENTS_MAX = 1 << 20;
  private static final int LATENCY_MAX_MS = 60_000;
  private static final int TICKS_PER_SECOND = 100; // USER_HZ is 100 on every Linux that Java runs on
  private static final long CONNECT_MS = 60_000;
  private static final long LAST_WORDS_MS = 10_000;

  /** What one client has got. */
  private static final class Client {
    final ByteBuffer read = ByteBuffer.allocate(256 * 1024);
    long begin = -1;
    long last;
    long events;
    boolean inOrder = true;
  }

  private final URI api;
  private final List<Client> clients = new ArrayList<>();
  private final Selector selector = Selector.open();
  private final long[] written = new long[EVENTS_MAX];
  private final int[] latencies = new int[LATENCY_MAX_MS + 1];
  private boolean counts;

  private Subscribers(URI api) throws IOException {
    this.api = api;
  }

  /** Runs it; fails loudly when clients cannot connect or a switch is refused. */
  public static void main(String[] words) throws Exception {
    Subscribers all = new Subscribers(URI.create(words[0]));
    int perSecond = Integer.parseInt(words[4]);
    List<String> plugins = Arrays.asList(words).subList(7, words.length);
    all.connect(Integer.parseInt(words[3]));
    try (Switches switches = new Switches(all.api, plugins, perSecond)) {
      all.follow(TimeUnit.SECONDS.toMillis(Integer.parseInt(words[5])));
      Path stat = Path.of("/proc", words[2], "stat");
      long ticks = ticks(stat);
      long eventsBefore = all.newest();
      long began = System.nanoTime();
      all.counts = true;
      all.follow(TimeUnit.SECONDS.toMillis(Integer.parseInt(words[6])));
      all.counts = false;
      double seconds = (System.nanoTime() - began) / 1e9;
      double cores = (ticks(stat) - ticks) / (double) TICKS_PER_SECOND / seconds;
      double rate = (all.newest() - eventsBefore) / seconds;
      switches.end();
      all.followToTheEnd();
      Files.writeString(Path.of(words[1]), all.result(rate, cores));
    }
  }

  private void connect(int count) throws IOException {
    InetSocketAddress address = new InetSocketAddress(api.getHost(), api.getPort());
    byte[] request =
        "GET /api/v1/events HTTP/1.1\r\nHost: bench\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    for (int i = 0; i < count; i++) {
      SocketChannel channel = SocketChannel.open(address);
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.write(ByteBuffer.wrap(request));
      channel.configureBlocking(false);
      Client client = new Client();
      channel.register(selector, SelectionKey.OP_READ, client);
      clients.add(client);
    }
    long until = System.currentTimeMillis() + CONNECT_MS;
    while (clients.stream().anyMatch(client -> client.begin < 0)) {
      if (System.currentTimeMillis() > until) {
        throw new IOException("not every stream has begun");
      }
      follow(100);
    }
  }

  private void followToTheEnd() throws IOException {
    long until = System.currentTimeMillis() + LAST_WORDS_MS;
    do {
      follow(500);
    } while (missing() > 0 && System.currentTimeMillis() < until);
  }

  private void follow(long forMs) throws IOException {
    long until = System.currentTimeMillis() + forMs;
    for (long left = forMs; left > 0; left = until - System.currentTimeMillis()) {
      selector.select(left);
      long now = System.currentTimeMillis();
      for (SelectionKey key : selector.selectedKeys()) {
        Client client = (Client) key.attachment();
        if (((SocketChannel) key.channel()).read(client.read) < 0) {
          throw new IOException("a stream has ended");
        }
        take(client, now);
      }
      selector.selectedKeys().clear();
    }
  }

  /** Takes every whole event; what is left stays for the next time. */
  private void take(Client client, long now) {
    byte[] bytes = client.read.array();
    int end = client.read.position();
    int from = 0;
    for (int at = indexOf(bytes, ID, 0, end); at >= 0; at = indexOf(bytes, ID, from, end)) {
      int until = endOfFrame(bytes, at + 1, end);
      if (until < 0) {
        from = at;
        break;
      }
      event(client, bytes, at + ID.length, until, now);
      from = until - 1;
    }
    client.read.limit(end).position(from);
    client.read.compact();
  }

  private void event(Client client, byte[] bytes, int from, int until, long now) {
    long id = 0;
    for (int i = from; bytes[i] >= '0' && bytes[i] <= '9'; i++) {
      id = id * 10 + (bytes[i] - '0');
    }
    if (client.begin < 0) {
      client.begin = id; // where the stream begins, without an event
    } else {
      client.inOrder &= id == client.last + 1;
      client.events++;
      int slot = (int) (id % EVENTS_MAX);
      if (written[slot] == 0) {
        int at = indexOf(bytes, TIME, from, until) + TIME.length;
        int quote = at;
        while (bytes[quote] != '"') {
          quote++;
        }
        written[slot] =
            Instant.parse(new String(bytes, at, quote - at, StandardCharsets.US_ASCII)).toEpochMilli();
      }
      if (counts) {
        latencies[(int) Math.clamp(now - written[slot], 0, LATENCY_MAX_MS)]++;
      }
    }
    client.last = id;
  }

  private static int endOfFrame(byte[] bytes, int from, int end) {
    for (int i = from; i + 1 < end; i++) {
      if (bytes[i] == '\n' && bytes[i + 1] == '\n') {
        return i + 2;
      }
    }
    return -1;
  }

  private static int indexOf(byte[] bytes, byte[] wanted, int from, int end) {
    for (int i = from; i <= end - wanted.length; i++) {
      if (bytes[i] == wanted[0] && Arrays.equals(bytes, i, i + wanted.length, wanted, 0, wanted.length)) {
        return i;
      }
    }
    return -1;
  }

  private long newest() {
    return clients.stream().mapToLong(client -> client.last).max().orElse(0);
  }

  private long missing() {
    long newest = newest();
    return clients.stream()
        .mapToLong(client -> client.inOrder ? newest - client.begin - client.events : newest - client.begin)
        .sum();
  }

  private String result(double rate, double cores) {
    long events = newest() - clients.getFirst().begin;
    return String.format(
        Locale.ROOT,
        "{\"clients\": %d, \"events\": %d, \"missing\": %d, \"per_second\": %.1f, \"p50_ms\": %d,"
            + " \"p99_ms\": %d, \"max_ms\": %d, \"daemon_cores\": %.2f}%n",
        clients.size(), events, missing(), rate, quantile(0.5), quantile(0.99), quantile(1), cores);
  }

  private int quantile(double part) {
    long wanted = (long) Math.ceil(part * Arrays.stream(latencies).asLongStream().sum());
    long seen = 0;
    for (int ms = 0; ms < latencies.length; ms++) {
      seen += latencies[ms];
      if (seen >= wanted) {
        return ms;
      }
    }
    return LATENCY_MAX_MS;
  }

  /** Processor time of a process in ticks: user and system. */
  private static long ticks(Path stat) throws IOException {
    String line = Files.readString(stat);
    String[] afterName = line.substring(line.lastIndexOf(')') + 2).split(" ");
    return Long.parseLong(afterName[11]) + Long.parseLong(afterName[12]);
  }

  /** Switches plugins on and off, one after the other, at a rate. */
  private static final class Switches implements AutoCloseable {

    private final URI api;
    private final List<String> plugins;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicReference<String> refused = new AtomicReference<>("");
    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();

    Switches(URI api, List<String> plugins, int perSecond) {
      this.api = api;
      this.plugins = plugins;
      clock.scheduleAtFixedRate(this::one, 0, 1_000_000_000L / perSecond, TimeUnit.NANOSECONDS);
    }

    private void one() {
      int number = next.getAndIncrement();
      boolean on = number / plugins.size() % 2 != 0;
      URI target = api.resolve("/api/v1/plugins/" + plugins.get(number % plugins.size()) + "/enabled");
      HttpRequest request =
          HttpRequest.newBuilder(target)
              .header("Content-Type", "application/json")
              .POST(BodyPublishers.ofString("{\"enabled\": " + on + "}"))
              .build();
      client
          .sendAsync(request, BodyHandlers.ofString())
          .thenAccept(answer -> {
            if (answer.statusCode() != 200) {
              refused.compareAndSet("", target + " gave " + answer.statusCode() + ": " + answer.body());
            }
          });
    }

    /** No more of them; fails if one was refused. */
    void end() throws IOException {
      clock.shutdown();
      if (!refused.get().isEmpty()) {
        throw new IOException(refused.get());
      }
    }

    @Override
    public void close() {
      clock.shutdown();
    }
  }
}
