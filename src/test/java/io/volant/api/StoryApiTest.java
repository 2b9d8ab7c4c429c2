package io.volant.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.volant.model.VmId;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What happened to a VM, from a real journal. */
class StoryApiTest {

  private static final String VM = "/api/v1/vms/web-1";

  @TempDir private Path home;
  private RunningApi api;

  @BeforeEach
  void start() {
    api = RunningApi.start(home);
  }

  @AfterEach
  void stop() {
    api.close();
  }

  @Test
  void a_crash_is_explained_in_sentences() throws IOException {
    crash();
    JsonNode why = valid("#/components/schemas/Why", json(api.get(VM + "/why")));
    assertThat(why.path("status").asText()).isEqualTo("crashed");
    List<String> sentences = why.path("chain").findValuesAsText("sentence");
    assertThat(sentences.getFirst()).isEqualTo("local asked to start it, start 1");
    assertThat(sentences)
        .anyMatch(text -> text.startsWith("its hypervisor ended"))
        .last()
        .asString()
        .startsWith("so it is crashed");
  }

  @Test
  void every_event_has_its_causes_down_to_the_request() throws IOException {
    crash();
    HttpResponse<String> answer = api.get(VM + "/events");
    JsonNode events = json(answer);
    assertThat(answer.headers().firstValue("X-Total-Count"))
        .hasValue(Integer.toString(events.size()));
    for (JsonNode event : events) {
      valid("#/components/schemas/VmStoryEvent", event);
    }
    assertThat(events.path(0).path("type").asText()).isEqualTo("vm.created");
    JsonNode crashed = events.path(events.size() - 1);
    assertThat(crashed.path("type").asText()).isEqualTo("vm.crashed");
    assertThat(crashed.path("causes")).hasSizeGreaterThan(1);
    String request = events.path(0).path("causes").path(0).asText();
    assertThat(crashed.path("causes").path(crashed.path("causes").size() - 1).asText())
        .isEqualTo(request);
    assertThat(json(api.get(VM + "/events?limit=1"))).containsExactly(crashed);
  }

  @Test
  void a_vm_is_shown_as_it_was_at_a_time_or_after_an_event() throws IOException {
    api.createHealthy("web-1");
    Instant healthy = Instant.now();
    api.post(VM + "/stop?wait=stopped");
    assertThat(json(api.get(VM + "?at=" + healthy)).path("status").asText()).isEqualTo("running");
    assertThat(json(api.get(VM)).path("status").asText()).isEqualTo("stopped");
    JsonNode created = json(api.get(VM + "/events")).path(0);
    String id = URLEncoder.encode(created.path("id").asText(), StandardCharsets.UTF_8);
    JsonNode then = json(api.get(VM + "?at=" + id));
    assertThat(then.path("updated_at")).isEqualTo(created.path("timestamp"));
    assertThat(api.get(VM + "?at=2020-01-01T00:00:00Z").statusCode()).isEqualTo(404);
    assertThat(api.get(VM + "?at=yesterday").statusCode()).isEqualTo(400);
    assertThat(api.get(VM + "?at=vm%2F999%231").statusCode()).isEqualTo(400);
  }

  @Test
  void a_deleted_vm_keeps_its_story() throws IOException {
    api.createHealthy("web-1");
    Instant healthy = Instant.now();
    api.delete(VM);
    assertThat(api.get(VM + "/events").statusCode()).isEqualTo(404);
    assertThat(api.get(VM + "/why").statusCode()).isEqualTo(404);
    JsonNode events = json(api.get(VM + "/events?deleted=true"));
    assertThat(events.path(events.size() - 1).path("type").asText()).isEqualTo("vm.deleted");
    JsonNode why = json(api.get(VM + "/why?deleted=true"));
    assertThat(why.path("chain").findValuesAsText("sentence"))
        .startsWith("local asked to delete it")
        .endsWith("so it is gone");
    assertThat(json(api.get(VM + "?at=" + healthy)).path("health").asText()).isEqualTo("healthy");
    assertThat(api.get("/api/v1/vms/never/events?deleted=true").statusCode()).isEqualTo(404);
  }

  @Test
  void events_of_every_kind_come_in_one_order() throws IOException {
    api.createHealthy("web-1");
    String all = api.get("/api/v1/events?follow=false&after=0").body();
    assertThat(all)
        .contains(
            "event: plugin.installed",
            "event: host.vm_registered",
            "event: network.address_lent",
            "event: vm.created");
    OpenApiDocument document = OpenApiDocument.read();
    for (String line : all.lines().filter(text -> text.startsWith("data: ")).toList()) {
      JsonNode data = RunningApi.JSON.readTree(line.substring("data: ".length()));
      assertThat(document.problems(document.target("#/components/schemas/AnyEvent"), data))
          .as(line)
          .isEmpty();
    }
    String some = api.get("/api/v1/events?types=network,vm.created&follow=false&after=0").body();
    assertThat(some.lines().filter(text -> text.startsWith("event: ")))
        .allMatch(text -> text.startsWith("event: network.") || text.equals("event: vm.created"))
        .hasSizeGreaterThan(1);
    assertThat(api.get("/api/v1/events?types=Vm").statusCode()).isEqualTo(400);
  }

  private void crash() {
    VmId id = new VmId(api.createHealthy("web-1").path("id").asLong());
    api.world().kill(id);
    Awaitility.await()
        .atMost(RunningApi.PATIENCE)
        .until(() -> json(api.get(VM)).path("status").asText().equals("crashed"));
  }

  private static JsonNode valid(String schema, JsonNode value) throws IOException {
    OpenApiDocument document = OpenApiDocument.read();
    assertThat(document.problems(document.target(schema), value)).as(value.toString()).isEmpty();
    return value;
  }

  private static JsonNode json(HttpResponse<String> answer) throws IOException {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return RunningApi.JSON.readTree(answer.body());
  }

  @Test
  void the_key_of_a_request_is_no_cause_that_people_are_told() throws IOException {
    api.createHealthy("keyed");
    api.send(
        api.request("/api/v1/vms/keyed/stop?wait=stopped")
            .header("Idempotency-Key", "my-key-1")
            .POST(java.net.http.HttpRequest.BodyPublishers.noBody()));
    JsonNode chain = json(api.get("/api/v1/vms/keyed/why")).path("chain");
    assertThat(chain.get(0).path("sentence").asText()).endsWith("asked to stop it");
    assertThat(chain.get(0).path("cause").asText()).startsWith("idempotency/");
  }
}
