package io.volant.e2e;

import io.volant.e2e.EventLines.Event;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Many clients of an event stream on one thread. Each begins at the beginning, leaves whenever
 * chance wants it, and comes back with the id that it saw last; also when the daemon has gone.
 */
final class EventCrowd implements AutoCloseable {

  private static final long TICK_MS = 20;
  private static final int AWAY_MS_MAX = 400;
  private static final int PROBLEMS_MAX = 20;

  private final URI stream;
  private final Random random;
  private final Selector selector = Selector.open();
  private final List<Client> clients = new ArrayList<>();
  private final Map<Long, Event> known = new HashMap<>();
  private final Queue<String> problems = new ConcurrentLinkedQueue<>();
  private final ByteBuffer buffer = ByteBuffer.allocate(64 * 1024);
  private final Thread thread = new Thread(this::run, "event-crowd");
  private volatile double leavingPerTick;
  private volatile boolean closed;
  private volatile long slowest;
  private volatile long newest;
  private volatile long longestDelayMs;

  /**
   * Lets them come.
   *
   * @param leavingPerSecond how many of them leave in a second, on average
   */
  EventCrowd(URI stream, int count, double leavingPerSecond, Random random) throws IOException {
    this.stream = stream;
    this.random = random;
    this.leavingPerTick = leavingPerSecond * TICK_MS / 1_000;
    for (int i = 0; i < count; i++) {
      clients.add(new Client());
    }
    thread.start();
  }

  /** From now on nobody leaves. */
  void calmDown() {
    leavingPerTick = 0;
  }

  /** The newest event that any of them has seen, and the newest that all of them have. */
  long newest() {
    return newest;
  }

  long slowest() {
    return slowest;
  }

  /** The longest time from an event's own time until a client had it, since the last question. */
  long takeLongestDelayMs() {
    long longest = longestDelayMs;
    longestDelayMs = 0;
    return longest;
  }

  /** What each has seen, once the crowd is closed. */
  List<List<Event>> heard() {
    return clients.stream().<List<Event>>map(client -> client.heard).toList();
  }

  /** How often one of them came, the first time not counted. */
  long returns() {
    return clients.stream().mapToLong(client -> client.visits - 1).sum();
  }

  /** Answers that were not streams, and events that not all saw the same. */
  List<String> problems() {
    return List.copyOf(problems);
  }

  @Override
  public void close() throws IOException {
    closed = true;
    selector.wakeup();
    try {
      thread.join(TimeUnit.SECONDS.toMillis(10));
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
    for (Client client : clients) {
      client.leave();
    }
    selector.close();
  }

  private void run() {
    try {
      long tick = System.currentTimeMillis();
      while (!closed) {
        selector.select(Math.max(1, tick - System.currentTimeMillis()));
        selector.selectedKeys().forEach(key -> ((Client) key.attachment()).onReady(key));
        selector.selectedKeys().clear();
        if (System.currentTimeMillis() >= tick) {
          tick = System.currentTimeMillis() + TICK_MS;
          onTick();
        }
      }
    } catch (IOException | RuntimeException failure) {
      problem("the crowd broke: " + failure);
    }
  }

  private void onTick() {
    long now = System.currentTimeMillis();
    long least = Long.MAX_VALUE;
    for (Client client : clients) {
      if (random.nextDouble() < leavingPerTick / clients.size()) {
        client.leave();
      }
      client.comeIfDue(now);
      least = Math.min(least, client.lastId);
    }
    slowest = least;
  }

  private void problem(String text) {
    if (problems.size() < PROBLEMS_MAX) {
      problems.add(text);
    }
  }

  /** All share one copy of an event, as far as they have seen the same. */
  private Event shared(Event event) {
    Event first = known.putIfAbsent(event.id(), event);
    if (first == null) {
      newest = Math.max(newest, event.id());
      return event;
    }
    if (!first.equals(event)) {
      problem("one saw " + first + ", another " + event);
      return event;
    }
    return first;
  }

  private static long delayMs(Event event, long now) {
    String mark = "\"timestamp\":\"";
    int at = event.data().indexOf(mark) + mark.length();
    Instant written = Instant.parse(event.data().substring(at, event.data().indexOf('"', at)));
    return now - written.toEpochMilli();
  }

  private final class Client {

    private final List<Event> heard = new ArrayList<>();
    private EventLines lines = new EventLines(this::hear);
    private @Nullable SocketChannel channel;
    private long lastId;
    private long dueMs;
    private int visits;

    private void hear(Event event) {
      if (heard.isEmpty() || random.nextInt(16) == 0) { // to look at each would cost too much
        longestDelayMs = Math.max(longestDelayMs, delayMs(event, System.currentTimeMillis()));
      }
      heard.add(shared(event));
      lastId = event.id();
    }

    private void comeIfDue(long now) {
      if (channel != null || now < dueMs) {
        return;
      }
      try {
        SocketChannel opened = SocketChannel.open();
        channel = opened;
        opened.configureBlocking(false);
        opened.register(selector, SelectionKey.OP_CONNECT, this);
        if (opened.connect(new InetSocketAddress(stream.getHost(), stream.getPort()))) {
          ask(opened);
        }
      } catch (IOException refused) {
        leave();
      }
    }

    private void ask(SocketChannel connected) throws IOException {
      lines = new EventLines(this::hear);
      visits++;
      String request =
          "GET %s?%s HTTP/1.1\r\nHost: crowd\r\nLast-Event-ID: %d\r\n\r\n"
              .formatted(stream.getPath(), stream.getQuery(), lastId);
      connected.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
      connected.keyFor(selector).interestOps(SelectionKey.OP_READ);
    }

    private void onReady(SelectionKey key) {
      SocketChannel ready = (SocketChannel) key.channel();
      try {
        if (key.isValid() && key.isConnectable() && ready.finishConnect()) {
          ask(ready);
        } else if (key.isValid() && key.isReadable() && !read(ready)) {
          leave();
        }
      } catch (IOException broken) {
        leave();
      }
    }

    private boolean read(SocketChannel ready) throws IOException {
      buffer.clear();
      int count = ready.read(buffer);
      if (count > 0) {
        lines.take(buffer.array(), count);
        if (!lines.status().isEmpty() && !lines.status().endsWith("200 OK")) {
          problem(lines.status());
          return false;
        }
      }
      return count >= 0;
    }

    private void leave() {
      SocketChannel left = channel;
      channel = null;
      dueMs = System.currentTimeMillis() + random.nextInt(AWAY_MS_MAX);
      if (left != null) {
        try {
          left.close();
        } catch (IOException unheard) {
          problem("a socket did not close: " + unheard);
        }
      }
    }
  }
}
