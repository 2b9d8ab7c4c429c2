package io.volant.api;

import static io.volant.api.RunningApi.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.volant.adapter.simulated.SimulatedWorld;
import io.volant.cli.http.ApiAnswer;
import io.volant.cli.http.ApiPath;
import io.volant.cli.http.Daemons;
import io.volant.fake.Death;
import io.volant.fake.SimulatedHost;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Changes that are asked for more than once, and changes that take long. */
class OnceApiTest {

  private static final String VMS = "/api/v1/vms";
  private static final String WEB = "{\"name\":\"web\",\"plugin\":\"hello\"}";
  private static final String DEPLOYMENTS = "/api/v1/deployments";
  private static final String SHOP =
      "{\"name\":\"shop\",\"replicas\":0,\"config\":{\"plugin\":\"hello\"}}";
  private static final int WRITES_MAX = 60;

  @TempDir private Path home;

  /** Something that is created under a key, with more writes than this before the answer. */
  private record Creation(String path, String name, String body, int writes) {
    HttpRequest.Builder request(RunningApi api) {
      return OnceApiTest.request(api, path, "k", body);
    }
  }

  /** When a daemon dies. */
  private record Blow(Death.Moment moment, int write) {}

  @Test
  void a_body_that_nobody_asked_for_does_no_harm() {
    try (RunningApi api = RunningApi.start(home)) {
      HttpRequest.Builder chunked =
          api.request(VMS + "/none")
              .header("Idempotency-Key", "k")
              .method(
                  "DELETE",
                  BodyPublishers.fromPublisher(BodyPublishers.ofString("a body in chunks")));
      assertThat(api.send(chunked).statusCode()).isEqualTo(404);
    }
  }

  @Test
  void a_repeat_gets_the_first_answer() {
    try (RunningApi api = RunningApi.start(home)) {
      install(api);
      HttpResponse<String> first = create(api, "k-1", WEB);
      assertThat(first.statusCode()).isEqualTo(201);
      assertThat(first.headers().firstValue("Idempotency-Replayed")).isEmpty();
      api.delete(VMS + "/web");
      HttpResponse<String> again = create(api, "k-1", WEB);
      assertThat(again.statusCode()).isEqualTo(201);
      assertThat(again.body()).isEqualTo(first.body());
      assertThat(again.headers().firstValue("Idempotency-Replayed")).hasValue("true");
      assertThat(again.headers().firstValue("Location")).hasValue(VMS + "/web");
      assertThat(again.headers().firstValue("Content-Type")).hasValue("application/json");
      assertThat(json(api.get(VMS))).as("nothing was done again").isEmpty();
      HttpResponse<String> other = create(api, "k-1", WEB.replace("web", "other"));
      assertThat(other.statusCode()).isEqualTo(409);
      assertThat(json(other).path("code").asText()).isEqualTo("idempotency_conflict");
      assertThat(create(api, "k-2", WEB).statusCode()).as("another key").isEqualTo(201);
      assertThat(create(api, "k\t3", WEB).statusCode()).isEqualTo(400);
      assertThat(refused(api, "k-4")).isEqualTo(refused(api, "k-4"));
    }
  }

  private static List<Object> refused(RunningApi api, String key) {
    HttpResponse<String> refused = create(api, key, WEB.replace("hello", "nothing"));
    return List.of(refused.statusCode(), refused.body());
  }

  @Test
  void a_hundred_at_once_are_one() {
    try (RunningApi api = RunningApi.start(home)) {
      install(api);
      List<CompletableFuture<HttpResponse<String>>> calls =
          IntStream.range(0, 100).mapToObj(_ -> api.sendAsync(request(api, "k", WEB))).toList();
      List<HttpResponse<String>> answers = calls.stream().map(CompletableFuture::join).toList();
      assertThat(answers).allMatch(answer -> answer.statusCode() == 201);
      assertThat(answers.stream().map(HttpResponse::body).distinct()).hasSize(1);
      assertThat(
              answers.stream()
                  .filter(a -> a.headers().firstValue("Idempotency-Replayed").isPresent()))
          .hasSize(99);
      assertThat(json(api.get(VMS))).hasSize(1);
    }
  }

  @Test
  void a_key_is_remembered_over_a_restart() {
    SimulatedWorld world = SimulatedHost.world();
    RunningApi before = RunningApi.start(home, world);
    install(before);
    final HttpResponse<String> first = create(before, "k", WEB);
    before.crash();
    try (RunningApi after = RunningApi.start(home, world)) {
      HttpResponse<String> again = create(after, "k", WEB);
      assertThat(again.body()).isEqualTo(first.body());
      assertThat(again.headers().firstValue("Idempotency-Replayed")).hasValue("true");
      assertThat(json(after.get(VMS))).hasSize(1);
    }
  }

  @ParameterizedTest
  @EnumSource(Death.Moment.class)
  void a_daemon_that_dies_at_any_write_makes_one_vm_for_one_key(Death.Moment moment) {
    dieAtEveryWrite(new Creation(VMS, "web", WEB, 4), moment);
  }

  @ParameterizedTest
  @EnumSource(Death.Moment.class)
  void a_daemon_that_dies_at_any_write_makes_one_deployment_for_one_key(Death.Moment moment) {
    dieAtEveryWrite(new Creation(DEPLOYMENTS, "shop", SHOP, 3), moment);
  }

  private void dieAtEveryWrite(Creation creation, Death.Moment moment) {
    SimulatedWorld world = SimulatedHost.world();
    boolean died = true;
    int write = 0;
    while (died) {
      write++;
      assertThat(write).isLessThan(WRITES_MAX);
      died = dieAt(home.resolve("home-" + write), world, creation, new Blow(moment, write));
    }
    assertThat(write).as("deaths before the answer").isGreaterThan(creation.writes());
    world.close();
  }

  /** False: the answer came before this write. */
  private static boolean dieAt(Path home, SimulatedWorld world, Creation creation, Blow blow) {
    Death death = new Death();
    RunningApi before = RunningApi.start(home, world, death);
    install(before);
    death.arm(blow.write(), blow.moment());
    CompletableFuture<HttpResponse<String>> asked = before.sendAsync(creation.request(before));
    Awaitility.await().atMost(20, TimeUnit.SECONDS).until(() -> death.isDead() || asked.isDone());
    boolean answered = asked.isDone();
    before.crash();
    RunningApi after = RunningApi.start(home, world);
    HttpResponse<String> again = after.send(creation.request(after));
    assertThat(again.statusCode()).as("%s: %s", blow, again.body()).isEqualTo(201);
    JsonNode all = json(after.get(creation.path()));
    assertThat(all).hasSize(1);
    assertThat(all.get(0).path("id")).isEqualTo(json(again).path("id"));
    assertThat(all.get(0).path("created_at")).isEqualTo(json(again).path("created_at"));
    HttpResponse<String> third = after.send(creation.request(after));
    assertThat(third.headers().firstValue("Idempotency-Replayed")).hasValue("true");
    assertThat(third.body()).isEqualTo(again.body());
    assertThat(after.delete(creation.path() + "/" + creation.name()).statusCode()).isEqualTo(204);
    after.crash();
    return !answered;
  }

  @Test
  void what_takes_long_is_accepted_and_can_be_looked_after() throws Exception {
    try (RunningApi api =
        RunningApi.start(
            home,
            usual -> RunningApi.hasty(usual, usual.patience().head(), Duration.ofMillis(100)))) {
      String plugins = "/api/v1/plugins";
      HttpResponse<String> accepted = api.post(plugins, RunningApi.manifest("slow", "1"));
      assertThat(accepted.statusCode()).isEqualTo(202);
      String place = accepted.headers().firstValue("Location").orElseThrow();
      assertThat(json(accepted).path("state").asText()).isEqualTo("running");
      OpenApiDocument document = OpenApiDocument.read();
      JsonNode shape = document.target("#/components/schemas/LongRequest");
      assertThat(document.problems(shape, json(accepted))).isEmpty();
      JsonNode done = json(api.get(place + "?wait=20"));
      assertThat(done.path("state").asText()).isEqualTo("done");
      assertThat(done.path("status").asInt()).isEqualTo(201);
      assertThat(done.path("answer").path("name").asText()).isEqualTo("slow");
      assertThat(document.problems(shape, done)).isEmpty();
      assertThat(api.get("/api/v1/requests/none").statusCode()).isEqualTo(404);

      URI base = URI.create("http://127.0.0.1:" + api.port());
      JsonNode manifest = RunningApi.JSON.readTree(RunningApi.manifest("slow-2", "1"));
      ApiAnswer answer =
          Daemons.at(base, null, null)
              .post(ApiPath.of("plugins"), manifest, Duration.ofSeconds(20));
      assertThat(answer.body().path("name").asText()).isEqualTo("slow-2");
    }
  }

  private static void install(RunningApi api) {
    HttpResponse<String> installed =
        api.post("/api/v1/plugins?wait=1", RunningApi.manifest("hello", "1"));
    assertThat(installed.statusCode()).isEqualTo(201);
  }

  private static HttpResponse<String> create(RunningApi api, String key, String body) {
    return api.send(request(api, key, body));
  }

  private static HttpRequest.Builder request(RunningApi api, String key, String body) {
    return request(api, VMS, key, body);
  }

  private static HttpRequest.Builder request(RunningApi api, String path, String key, String body) {
    return api.request(path)
        .header("Content-Type", "application/json")
        .header("Idempotency-Key", key)
        .POST(BodyPublishers.ofString(body));
  }
}
