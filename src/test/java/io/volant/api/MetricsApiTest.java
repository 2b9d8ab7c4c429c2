package io.volant.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsApiTest {

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
  void vms_their_use_and_the_answers_are_shown() {
    api.createHealthy("web-1");
    api.get("/api/v1/vms/nobody");
    api.get("/nothing/at/all");
    HttpResponse<String> page = api.get("/metrics");
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.headers().firstValue("Content-Type").orElse("")).startsWith("text/plain");
    assertThat(page.body())
        .contains(
            "volant_vms{status=\"running\"} 1.0",
            "volant_vms{status=\"crashed\"} 0.0",
            "volant_vm_cpu_seconds_total{vm=\"web-1\"} 1.5",
            "volant_vm_resident_bytes{vm=\"web-1\"} 4096.0",
            "volant_vm_received_bytes_total{vm=\"web-1\"} 11.0",
            "volant_vm_sent_bytes_total{vm=\"web-1\"} 12.0",
            "volant_http_answer_seconds_count{method=\"GET\",route=\"/api/v1/vms/{name}\",status=\"404\"} 1",
            "volant_http_answer_seconds_count{method=\"other\",route=\"other\",status=\"404\"} 1")
        .doesNotContain("nobody");
  }

  @Test
  void what_each_vm_has_used_is_told_as_json() throws java.io.IOException {
    api.createHealthy("web-1");
    HttpResponse<String> answer = api.get("/api/v1/system/usage");
    OpenApiDocument document = OpenApiDocument.read();
    JsonNode schema = document.target("#/components/schemas/Usage");
    assertThat(document.problems(schema, RunningApi.json(answer))).isEmpty();
    JsonNode used = RunningApi.json(answer).path("vms");
    assertThat(used).hasSize(1);
    assertThat(used.get(0).path("name").asText()).isEqualTo("web-1");
    assertThat(used.get(0).path("cpu_seconds").asDouble()).isEqualTo(1.5);
    assertThat(used.get(0).path("sent_bytes").asLong()).isEqualTo(12);
    api.post("/api/v1/vms/web-1/stop?wait=stopped");
    assertThat(RunningApi.json(api.get("/api/v1/system/usage")).path("vms")).isEmpty();
  }
}
