package io.volant.api;

import static io.volant.api.RunningApi.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plugins over HTTP, beyond what {@link ContractTest} has. */
class PluginApiTest {

  private static final String HELLO = "/api/v1/plugins/hello";

  @TempDir private Path home;
  private RunningApi api;

  @BeforeEach
  void start() {
    api = RunningApi.start(home);
    api.createHealthy("web-1");
  }

  @AfterEach
  void stop() {
    api.close();
  }

  @Test
  void what_is_shown_can_be_installed_again_and_changes_nothing() {
    HttpResponse<String> shown = api.get(HELLO);
    assertThat(json(shown).at("/labels/volant.plugin").asText()).isEqualTo("hello");
    assertThat(json(shown).at("/labels/volant.runtime").asText()).isEqualTo("hello");
    HttpResponse<String> again = api.post("/api/v1/plugins", shown.body());
    assertThat(again.statusCode()).as(again.body()).isEqualTo(201);
    assertThat(again.body()).isEqualTo(shown.body());
  }

  @Test
  void a_plugin_that_was_removed_by_force_is_gone_although_vms_were_made_from_it() {
    assertThat(api.delete(HELLO).statusCode()).isEqualTo(409);
    assertThat(api.delete(HELLO + "?force=true").statusCode()).isEqualTo(204);
    assertThat(api.delete(HELLO).statusCode()).isEqualTo(404);
    assertThat(api.get("/api/v1/vms/web-1").statusCode()).isEqualTo(200);
  }
}
