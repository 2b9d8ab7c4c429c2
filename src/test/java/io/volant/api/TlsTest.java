package io.volant.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.volant.cli.http.ApiClient;
import io.volant.cli.http.ApiFailure;
import io.volant.cli.http.ApiPath;
import io.volant.cli.http.ClientTls;
import io.volant.cli.http.Daemons;
import io.volant.pem.Certificates;
import java.net.URI;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** HTTPS, with volar's own client at the other end. */
class TlsTest {

  @TempDir private static Path folder;

  @BeforeAll
  static void make() throws Exception {
    Certificates.make(folder, "daemon");
    Certificates.make(folder, "stranger");
  }

  @Test
  void https_is_for_those_who_trust_the_certificate() throws Exception {
    try (RunningApi api = start("home", null)) {
      URI base = base(api);
      assertThat(
              Daemons.at(base, folder.resolve("daemon.pem"), null)
                  .get(ApiPath.of("vms"))
                  .body()
                  .isArray())
          .isTrue();
      for (Path other : new Path[] {folder.resolve("stranger.pem"), folder.resolve("nothing")}) {
        assertThatThrownBy(() -> Daemons.at(base, other, null).get(ApiPath.of("vms")))
            .isInstanceOf(ApiFailure.Unreachable.class)
            .hasMessageContaining(base.toString())
            .message()
            .hasLineCount(1);
      }
      assertThat(api.get("/healthz").statusCode()).as("plain HTTP beside it").isEqualTo(200);
    }
  }

  @Test
  void a_change_by_patch_is_as_choosy() {
    JsonNode change = JsonNodeFactory.instance.objectNode().put("replicas", 1);
    ApiPath path = ApiPath.of("deployments", "none");
    try (RunningApi api = start("home-3", null)) {
      URI base = base(api);
      assertThatThrownBy(
              () -> Daemons.at(base, folder.resolve("daemon.pem"), null).patch(path, change))
          .isInstanceOfSatisfying(
              ApiFailure.Refused.class, refused -> assertThat(refused.status()).isEqualTo(404));
      for (Path other : new Path[] {folder.resolve("stranger.pem"), folder.resolve("nothing")}) {
        assertThatThrownBy(() -> Daemons.at(base, other, null).patch(path, change))
            .isInstanceOf(ApiFailure.Unreachable.class)
            .hasMessageContaining(base.toString())
            .message()
            .hasLineCount(1);
      }
    }
  }

  @Test
  void with_an_authority_for_clients_they_need_a_certificate() {
    try (RunningApi api = start("home-2", folder.resolve("stranger.pem"))) {
      assertThatThrownBy(() ->
              Daemons.at(base(api), folder.resolve("daemon.pem"), null).get(ApiPath.of("vms")))
          .isInstanceOf(ApiFailure.class);
    }
  }

  @Test
  void a_client_with_a_certificate_of_that_authority_is_let_in() throws Exception {
    ClientTls known =
        new ClientTls(
            folder.resolve("daemon.pem"),
            folder.resolve("stranger.pem"),
            folder.resolve("stranger.key"));
    ClientTls mixedUp =
        new ClientTls(
            folder.resolve("daemon.pem"),
            folder.resolve("stranger.pem"),
            folder.resolve("daemon.key"));
    JsonNode change = JsonNodeFactory.instance.objectNode().put("replicas", 1);
    try (RunningApi api = start("home-4", folder.resolve("stranger.pem"))) {
      ApiClient client = Daemons.securelyAt(base(api), known, null);
      assertThat(client.get(ApiPath.of("vms")).body().isArray()).isTrue();
      assertThatThrownBy(() -> client.patch(ApiPath.of("deployments", "none"), change))
          .isInstanceOfSatisfying(
              ApiFailure.Refused.class, refused -> assertThat(refused.status()).isEqualTo(404));
      assertThatThrownBy(() -> Daemons.securelyAt(base(api), mixedUp, null).get(ApiPath.of("vms")))
          .isInstanceOf(ApiFailure.Unreachable.class)
          .hasMessageContaining("is not the key of");
    }
  }

  private static RunningApi start(String home, @Nullable Path clientCa) {
    ApiSettings.Tls tls =
        new ApiSettings.Tls(
            new ApiSettings.Listen("127.0.0.1", 0, null),
            folder.resolve("daemon.pem"),
            folder.resolve("daemon.key"),
            clientCa);
    return RunningApi.start(
        folder.resolve(home), usual -> RunningApi.with(usual, new ApiSettings.Doors(tls, null)));
  }

  private static URI base(RunningApi api) {
    int port = Objects.requireNonNull(api.server().secureAddress()).getPort();
    return URI.create("https://127.0.0.1:" + port);
  }
}
