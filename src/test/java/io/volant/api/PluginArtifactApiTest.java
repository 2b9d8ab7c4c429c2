package io.volant.api;

import static io.volant.api.RunningApi.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files of a plugin, in a store whose content is the URL itself. */
class PluginArtifactApiTest {

  private static final String ALL = "/api/v1/plugins/hello/artifacts";

  @TempDir private Path home;
  private RunningApi api;

  @BeforeEach
  void start() {
    api = RunningApi.start(home);
    api.post("/api/v1/plugins", RunningApi.manifest("hello", "1"));
  }

  @AfterEach
  void stop() {
    api.close();
  }

  @Test
  void the_boot_medium_is_a_record_by_itself() {
    JsonNode all = json(api.get(ALL));
    assertThat(all).hasSize(1);
    JsonNode own = all.get(0);
    assertThat(own.path("version").asText()).isEqualTo("1");
    assertThat(own.path("kind").asText()).isEqualTo("initramfs");
    assertThat(own.path("source_url").asText()).isEqualTo("/images/hello.cpio.gz");
    assertThat(own.path("checksum").asText()).startsWith("sha256:");
    assertThat(own.path("local_path").asText()).startsWith("/fake/");
    assertThat(own.path("size_bytes").asLong()).isPositive();
    assertThat(json(api.get(ALL + "/initramfs"))).isEqualTo(own);
    assertThat(json(api.get(ALL + "?version=2"))).isEmpty();
    assertProblem(api.delete(ALL + "/initramfs"), 409, "plugin_in_use");
  }

  @Test
  void one_is_added_fetched_and_removed() {
    String body =
        "{\"artifact_name\": \"model\", \"source_url\": \"/srv/model.img\", \"format\": \"raw\"}";
    HttpResponse<String> made = api.post(ALL, body);
    assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
    assertThat(json(made).path("format").asText()).isEqualTo("raw");
    assertThat(api.post(ALL, body).statusCode()).as("the same once more").isEqualTo(201);
    assertProblem(api.post(ALL, body.replace("/srv/m", "/srv/n")), 409, "artifact_exists");
    assertThat(api.post(ALL + "?version=2", body).statusCode()).isEqualTo(201);
    assertThat(json(api.get(ALL))).hasSize(3);
    assertThat(json(api.get(ALL + "/model?version=2")).path("version").asText()).isEqualTo("2");
    assertThat(api.delete(ALL + "/model?version=1").statusCode()).isEqualTo(204);
    assertProblem(api.get(ALL + "/model"), 404, "artifact_not_found");
    assertProblem(api.delete(ALL + "/model?version=1"), 404, "artifact_not_found");
    assertThat(api.delete(ALL).statusCode()).isEqualTo(204);
    assertThat(json(api.get(ALL))).hasSize(1);
  }

  @Test
  void what_cannot_be_had_is_refused_with_its_reason() {
    assertProblem(api.post(ALL, artifact("/srv/missing", "")), 422, "artifact_unavailable");
    assertProblem(
        api.post(ALL, artifact("/srv/x", ", \"checksum\": \"" + "0".repeat(64) + "\"")),
        422,
        "checksum_mismatch");
    assertProblem(
        api.post(ALL, artifact("/srv/hostile", ", \"format\": \"qcow2\"")), 400, "invalid_field");
    assertProblem(api.post(ALL, artifact("ftp://x/y", "")), 400, "invalid_field");
    assertProblem(
        api.post("/api/v1/plugins/none/artifacts", artifact("/srv/x", "")),
        404,
        "plugin_not_found");
    assertProblem(api.get("/api/v1/plugins/none/artifacts"), 404, "plugin_not_found");
  }

  private static String artifact(String url, String more) {
    return "{\"artifact_name\": \"model\", \"source_url\": \"%s\"%s}".formatted(url, more);
  }

  private static void assertProblem(HttpResponse<String> answer, int status, String code) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(json(answer).path("code").asText()).isEqualTo(code);
  }
}
