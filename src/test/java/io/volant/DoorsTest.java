package io.volant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.volant.api.ApiKey;
import io.volant.api.Role;
import io.volant.cli.http.ApiClient;
import io.volant.cli.http.ApiFailure;
import io.volant.cli.http.ApiPath;
import io.volant.cli.http.Daemons;
import io.volant.cli.http.LineStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole daemon's unix socket, and who gets how far through it. */
class DoorsTest {

  private static final String KEY = "the-key-of-vera";

  @TempDir private static Path folder;
  private static Path home;
  private static Daemon daemon;

  @BeforeAll
  static void start() throws IOException {
    // The folders on the way must not be what keeps others out.
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    home = Files.createDirectories(folder.resolve("home"));
    Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-xr-x"));
    Config config =
        EngineConfig.layered(
            Map.of(),
            ConfigFactory.parseString(ApiKey.of("vera", Role.VIEWER, KEY).configLine())
                .withFallback(
                    ConfigFactory.parseMap(
                        Map.of(
                            "volant.home",
                            home.toString(),
                            "volant.api.listen",
                            "127.0.0.1:0",
                            "volant.api.socket.group",
                            "nogroup",
                            "volant.api.socket.path",
                            folder.resolve("volantd.sock").toString(),
                            "volant.hypervisor.driver",
                            "simulated",
                            "volant.api.keys",
                            List.of()))));
    daemon = Daemon.start(Settings.of(config, "1.2.3"), config);
  }

  @AfterAll
  static void stop() {
    daemon.close();
  }

  private static Map<String, String> environment() {
    return Map.of("VOLANT_HOME", folder.toString());
  }

  @Test
  void the_daemons_user_needs_no_key_on_the_socket() throws Exception {
    ApiClient here = Daemons.here(environment(), null);
    assertThat(here.get(ApiPath.of("vms")).body().isArray()).isTrue();
    String path = "/api/v1/events/vms?after=0";
    try (LineStream lines = here.stream(new ApiPath(path), Map.of(), Duration.ofSeconds(20))) {
      assertThat(lines.next()).isEqualTo("id: 0");
    }
  }

  @Test
  void a_change_by_patch_goes_through_the_socket() {
    ApiClient here = Daemons.here(environment(), null);
    JsonNode change = JsonNodeFactory.instance.objectNode().put("replicas", 1);
    assertThatThrownBy(() -> here.patch(ApiPath.of("deployments", "none"), change))
        .isInstanceOfSatisfying(
            ApiFailure.Refused.class, refused -> assertThat(refused.status()).isEqualTo(404));
  }

  @Test
  void where_there_is_no_socket_the_usual_address_is_asked() {
    Map<String, String> elsewhere = Map.of("VOLANT_HOME", folder.resolve("nowhere").toString());
    assertThat(Daemons.here(elsewhere, null).toString()).isEqualTo("http://127.0.0.1:7777");
    assertThat(Daemons.here(environment(), null).toString()).startsWith("unix:" + folder);
  }

  @Test
  void another_user_needs_a_key_even_in_the_group() throws Exception {
    assertThat(asNobody(List.of())).isEqualTo("401");
    assertThat(asNobody(List.of("-H", "X-Volant-API-Key: " + KEY))).isEqualTo("200");
    assertThat(asNobody(List.of("-H", "X-Volant-API-Key: " + KEY, "-X", "POST"))).isEqualTo("403");
  }

  /** The status of a call by another user of this machine. */
  private static String asNobody(List<String> more) throws IOException, InterruptedException {
    Assumptions.assumeTrue("root".equals(System.getProperty("user.name")), "needs root");
    List<String> command =
        new ArrayList<>(
            List.of(
                "setpriv",
                "--reuid=65534",
                "--regid=65534",
                "--clear-groups",
                "curl",
                "-s",
                "-o",
                "/dev/null",
                "-w",
                "%{http_code}",
                "--max-time",
                "20",
                "--unix-socket",
                folder.resolve("volantd.sock").toString()));
    command.addAll(more);
    command.add("http://localhost/api/v1/vms");
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return said;
  }
}
