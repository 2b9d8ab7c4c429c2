package io.volant.api;

import static org.assertj.core.api.Assertions.assertThat;

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
}
