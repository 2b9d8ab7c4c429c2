package io.volant.api;

import static io.volant.api.RunningApi.json;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/**
 * Requests made from the API's description, right and wrong: every answer is one that the
 * description has, and in the end nothing is left. {@code -Dvolant.fuzz.seconds} and {@code
 * -Dvolant.fuzz.seed} say how long, and which.
 */
class ApiFuzzTest {

  private static final Duration LENGTH =
      Duration.ofSeconds(Long.getLong("volant.fuzz.seconds", 15));

  /** A busy machine needs longer until most operations have been of use once. */
  private static final Duration LENGTH_MAX = LENGTH.multipliedBy(6);

  private static final long SEED = Long.getLong("volant.fuzz.seed", System.nanoTime());
  private static final int FINDINGS_MAX = 25;
  private static final List<String> VM_NAMES = List.of("fuzz-1", "fuzz-2", "fuzz-3", "web-1");

  private final Map<String, String> findings = new TreeMap<>();
  private final Map<String, Map<Integer, Integer>> seen = new TreeMap<>();
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();

  @TempDir private Path home;

  @Test
  void every_answer_is_described_and_nothing_is_left() throws IOException {
    Logger root = (Logger) LoggerFactory.getLogger("io.volant");
    log.start();
    root.addAppender(log);
    try (Workload workload = new Workload();
        RunningApi api = RunningApi.start(home)) {
      api.createHealthy("web-1");
      int rounds = fuzz(api, workload);
      assertThat(findings.values()).as("seed %d, %d rounds", SEED, rounds).isEmpty();
      assertSomethingWasDone();
      cleanUp(api);
      assertNothingIsLeft(api);
    } finally {
      root.detachAppender(log);
    }
    assertThat(log.list)
        .filteredOn(event -> event.getLevel().isGreaterOrEqual(Level.ERROR))
        .as("seed %d", SEED)
        .isEmpty();
  }

  private int fuzz(RunningApi api, Workload workload) throws IOException {
    OpenApiDocument document = OpenApiDocument.read();
    OpenApiAnswers described = new OpenApiAnswers(document);
    Chance chance = new Chance(SEED);
    FuzzedRequests requests = new FuzzedRequests(document, chance);
    long begin = System.nanoTime();
    int round = 0;
    for (; goesOn(System.nanoTime() - begin) && findings.size() < FINDINGS_MAX; round++) {
      if (round % 200 == 0) {
        workload.serve(api, chance.pick("echo", "taciturn", "gone"));
      }
      if (round % 500 == 0) { // else nothing can be made, once somebody has removed it
        api.post("/api/v1/plugins", RunningApi.manifest("hello", "1"));
        api.post("/api/v1/plugins/hello/enabled", "{\"enabled\":true}");
      }
      FuzzedRequests.Made made = requests.next();
      RawHttp.Answer answer = RawHttp.ask(api.port(), made.bytes().toArrayUnsafe());
      described
          .operation(made.method(), made.target())
          .ifPresent(operation ->
              seen.computeIfAbsent(operation.name(), _ -> new TreeMap<>())
                  .merge(answer.status(), 1, Integer::sum));
      List<String> problems = problems(described, made, answer);
      if (!problems.isEmpty()) {
        findings.putIfAbsent(
            answer.status() + " " + problems.getFirst(),
            "round %d: %s\n%s\n→ %s%s"
                .formatted(round, problems, made, answer.head(), answer.body()));
      }
    }
    return round;
  }

  private static List<String> problems(
      OpenApiAnswers described, FuzzedRequests.Made made, RawHttp.Answer answer) {
    if (answer.status() <= 0) {
      return List.of(answer.status() == 0 ? "no answer" : "no answer in time");
    }
    if (answer.isStream() && answer.status() < 300) {
      return List.of();
    }
    if (made.method().equals("HEAD")) {
      return described.isDescribed("HEAD", made.target(), answer.status()) || answer.status() < 500
          ? List.of()
          : List.of(answer.status() + " for HEAD");
    }
    return described.problems(
        made.method(),
        made.target(),
        answer.status(),
        answer.header("Content-Type"),
        answer.body());
  }

  private boolean goesOn(long sinceNs) {
    return sinceNs < LENGTH.toNanos() || (sinceNs < LENGTH_MAX.toNanos() && !isMuchDone());
  }

  private boolean isMuchDone() {
    return useful() > seen.size() * 3 / 4;
  }

  private long useful() {
    return seen.values().stream()
        .filter(statuses -> statuses.keySet().stream().anyMatch(ApiFuzzTest::isSuccess))
        .count();
  }

  /** Requests that are all refused would find nothing. */
  private void assertSomethingWasDone() {
    assertThat(isMuchDone())
        .as("%d of %d operations did what they are for: %s", useful(), seen.size(), seen)
        .isTrue();
  }

  private static boolean isSuccess(int status) {
    return status == 101 || status / 100 == 2;
  }

  private static void cleanUp(RunningApi api) {
    for (JsonNode deployment : json(api.get("/api/v1/deployments"))) {
      api.delete("/api/v1/deployments/" + deployment.path("name").asText());
    }
    await(() -> assertThat(json(api.get("/api/v1/deployments"))).isEmpty());
    for (JsonNode vm : json(api.get("/api/v1/vms"))) {
      api.delete("/api/v1/vms/" + vm.path("name").asText());
    }
    for (JsonNode plugin : json(api.get("/api/v1/plugins")).path("plugins")) {
      HttpResponse<String> removed = api.delete("/api/v1/plugins/" + plugin.asText());
      assertThat(removed.statusCode()).as(removed.body()).isEqualTo(204);
    }
  }

  private void assertNothingIsLeft(RunningApi api) throws IOException {
    await(() -> assertThat(json(api.get("/api/v1/vms"))).isEmpty());
    await(() -> assertThat(api.world().census()).isEmpty());
    assertThat(api.host().plugins().all()).isEmpty();
    try (Stream<Path> files = Files.list(home)) {
      assertThat(files.map(file -> file.getFileName().toString())).containsExactly("journal");
    }
    for (String name : VM_NAMES) { // every name can be taken again
      assertThat(api.createHealthy(name).path("status").asText()).as(name).isEqualTo("running");
      assertThat(api.delete("/api/v1/vms/" + name).statusCode()).isEqualTo(204);
    }
    assertThat(api.get("/healthz").statusCode()).isEqualTo(200);
  }

  private static void await(org.awaitility.core.ThrowingRunnable condition) {
    Awaitility.await().atMost(RunningApi.PATIENCE).untilAsserted(condition);
  }
}
