import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Creates many VMs through the API, a fixed number at a time, each until it runs; then, if wanted, stops each. Run as
 * a source file; the arguments are: API, file for the result, prefix of the names, first number, count, how many at a
 * time, {@code run} or {@code stop}. The result is a JSON object: vms, seconds, vms_per_second, p50_ms, p99_ms.
 */
final class Fleet {

  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final URI api;
  private final boolean stops;
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .executor(Executors.newVirtualThreadPerTaskExecutor())
          .build();

  private Fleet(URI api, boolean stops) {
    this.api = api;
    this.stops = stops;
  }

  /** Runs it; fails loudly at the first request that fails. */
  public static void main(String[] words) throws Exception {
    Fleet fleet = new Fleet(URI.create(words[0]), words[6].equals("stop"));
    fleet.client.send(
        HttpRequest.newBuilder(fleet.api.resolve("/healthz")).build(), BodyHandlers.discarding());
    int count = Integer.parseInt(words[4]);
    long startedNanos = System.nanoTime();
    long[] nanos = fleet.make(words[2], Integer.parseInt(words[3]), count, Integer.parseInt(words[5]));
    double seconds = (System.nanoTime() - startedNanos) / 1e9;
    Arrays.sort(nanos);
    Files.writeString(
        Path.of(words[1]),
        "{\"vms\": %d, \"seconds\": %.2f, \"vms_per_second\": %.1f, \"p50_ms\": %d, \"p99_ms\": %d}%n"
            .formatted(count, seconds, count / seconds, millis(nanos, 0.5), millis(nanos, 0.99)));
  }

  private long[] make(String prefix, int first, int count, int atATime) throws Exception {
    long[] nanos = new long[count];
    AtomicInteger next = new AtomicInteger();
    try (ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?>[] done = new Future<?>[atATime];
      for (int worker = 0; worker < atATime; worker++) {
        done[worker] =
            workers.submit(() -> {
              for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
                nanos[i] = one(prefix + (first + i));
              }
              return null;
            });
      }
      for (Future<?> worker : done) {
        worker.get();
      }
    }
    return nanos;
  }

  /** One VM's way up: how long it took. Stopping it is not counted. */
  private long one(String name) throws IOException, InterruptedException {
    long startedNanos = System.nanoTime();
    post(
        "/api/v1/vms?wait=running&timeout=300",
        "{\"name\": \"" + name + "\", \"plugin\": \"sim\"}",
        201);
    long took = System.nanoTime() - startedNanos;
    if (stops) {
      post("/api/v1/vms/" + name + "/stop?wait=stopped&timeout=300", "", 200);
    }
    return took;
  }

  private void post(String path, String body, int expected) throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(api.resolve(path)).timeout(PATIENCE);
    if (body.isEmpty()) {
      request.POST(BodyPublishers.noBody());
    } else {
      request.POST(BodyPublishers.ofString(body)).header("Content-Type", "application/json");
    }
    HttpResponse<String> answer = client.send(request.build(), BodyHandlers.ofString());
    String outcome = answer.headers().firstValue("X-Volant-Wait").orElse("");
    if (answer.statusCode() != expected || !outcome.equals("reached")) {
      throw new IOException(path + " gave " + answer.statusCode() + " " + outcome + ": " + answer.body());
    }
  }

  private static long millis(long[] sortedNanos, double part) {
    int index = (int) Math.min(sortedNanos.length - 1L, (long) (part * sortedNanos.length));
    return TimeUnit.NANOSECONDS.toMillis(sortedNanos[index]);
  }
}
