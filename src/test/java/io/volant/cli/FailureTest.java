package io.volant.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FailureTest {
  private ScriptedApi api;

  @BeforeEach
  void open() throws IOException {
    api = new ScriptedApi();
  }

  @AfterEach
  void close() {
    api.close();
  }

  @ParameterizedTest
  @CsvSource({
    "400, invalid_field, 6",
    "401, unauthorized, 10",
    "403, forbidden, 10",
    "404, vm_not_found, 4",
    "409, already_running, 5",
    "413, body_too_large, 6",
    "415, unsupported_media_type, 6",
    "422, checksum_mismatch, 6",
    "500, internal, 7",
    "502, guest_unreachable, 7",
    "503, overloaded, 7"
  })
  void each_kind_of_error_has_its_exit_code(int status, String code, int exitCode) {
    api.on("POST /api/v1/vms/web-1/start", status, Samples.error(code, "what is wrong"));

    VolarRun run = VolarRun.of(api, "vms", "start", "web-1", "--no-wait");

    assertThat(run).isEqualTo(new VolarRun(exitCode, "", "volar: what is wrong\n"));
  }

  @Test
  void a_change_whose_answer_is_lost_is_asked_again_under_the_same_key() {
    api.on("POST /api/v1/vms/web-1/start", ScriptedApi.cut());
    api.on("POST /api/v1/vms/web-1/start", ScriptedApi.cut());
    api.on("POST /api/v1/vms/web-1/start", 200, Samples.STARTING);

    VolarRun run = VolarRun.of(api, "vms", "start", "web-1", "--no-wait");

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(api.requests())
        .hasSize(3)
        .extracting(request -> request.headers().get("idempotency-key"))
        .allSatisfy(key -> assertThat(key).startsWith("volar-"))
        .containsOnly(api.requests().getFirst().headers().get("idempotency-key"));
  }

  @Test
  void what_is_only_read_needs_no_key() {
    api.on("GET /api/v1/vms/web-1", ScriptedApi.cut());

    assertThat(VolarRun.of(api, "vms", "get", "web-1").exitCode())
        .isEqualTo(ExitCode.UNREACHABLE.number());
    assertThat(api.requests())
        .allSatisfy(it -> assertThat(it.headers()).doesNotContainKey("idempotency-key"));
  }

  @Test
  void details_that_the_error_does_not_name_are_added() {
    api.on(
        "GET /api/v1/vms/web-1",
        400,
        """
        {"error": "the request is wrong", "code": "invalid_field",
         "details": [{"field": "memory_mb", "message": "at least 1"}, {"field": "name", "message": "too long"}]}
        """);

    VolarRun run = VolarRun.of(api, "vms", "get", "web-1");

    assertThat(run.err())
        .isEqualTo("volar: the request is wrong; memory_mb: at least 1; name: too long\n");
  }

  @Test
  void an_error_that_is_not_from_the_daemon_is_shown_in_short() {
    api.on("GET /api/v1/vms/web-1", 502, "<html>\n<b>bad\ngateway</b>" + "x".repeat(1000));

    VolarRun run = VolarRun.of(api, "vms", "get", "web-1");

    assertThat(run.exitCode()).isEqualTo(ExitCode.SERVER_ERROR.number());
    assertThat(run.err())
        .hasLineCount(1)
        .startsWith("volar: the answer was HTTP 502: <html> <b>bad gateway")
        .hasSizeLessThan(300);
  }

  @Test
  void an_answer_that_is_not_json_is_told() {
    api.on("GET /api/v1/vms/web-1", 200, "hello");

    VolarRun run = VolarRun.of(api, "vms", "get", "web-1");

    assertThat(run.exitCode()).isEqualTo(ExitCode.UNREACHABLE.number());
    assertThat(run.err()).hasLineCount(1).contains("not JSON");
  }

  @Test
  void a_daemon_that_is_down_is_said_to_be_down() throws IOException {
    int port;
    try (ServerSocket closedAgain = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = closedAgain.getLocalPort();
    }

    VolarRun run = VolarRun.with(Map.of(), false, "vms", "list", "-a", "http://127.0.0.1:" + port);

    assertThat(run.exitCode()).isEqualTo(ExitCode.UNREACHABLE.number());
    assertThat(run.err())
        .isEqualTo(
            "volar: cannot reach volantd at http://127.0.0.1:"
                + port
                + ": connection refused. Is it running? (--api or VOLANT_API_BASE says where it"
                + " is)\n");
  }

  @Test
  void a_connection_that_is_cut_every_time_is_told_after_four_tries() {
    api.on("POST /api/v1/plugins/hello/enabled", ScriptedApi.cut());

    VolarRun run = VolarRun.of(api, "plugins", "enable", "hello");

    assertThat(run.exitCode()).isEqualTo(ExitCode.UNREACHABLE.number());
    assertThat(run.err()).hasLineCount(1).contains("broke");
    assertThat(api.requests()).hasSize(4);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ftp://host", "http://", "http://a b", "http://host?x=1"})
  void an_address_that_is_none_is_a_usage_error(String address) {
    VolarRun run = VolarRun.with(Map.of(), false, "vms", "list", "--api", address);

    assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE.number());
    assertThat(run.err()).hasLineCount(1).contains(address).contains("http://127.0.0.1:7777");
  }

  @Test
  void the_option_wins_over_the_environment_and_stands_before_or_after_the_command() {
    api.on("GET /prefix/api/v1/vms/a", 200, Samples.HEALTHY);
    Map<String, String> elsewhere =
        Map.of("VOLANT_API_BASE", "http://127.0.0.1:1", "VOLANT_API_KEY", "from-env");
    String base = api.url().substring("http://".length()) + "/prefix/";

    assertThat(VolarRun.with(elsewhere, false, "-a", base, "vms", "get", "a").exitCode()).isZero();
    assertThat(
            VolarRun.with(elsewhere, false, "vms", "get", "a", "-a", base, "--api-key", "mine")
                .exitCode())
        .isZero();

    assertThat(api.requests())
        .extracting(r -> r.headers().get("x-volant-api-key"))
        .containsExactly("from-env", "mine");
  }

  @Test
  void a_name_with_odd_signs_stays_one_name() {
    api.on(
        "GET /api/v1/vms/a%2Fb%20c%3Fd", 404, Samples.error("vm_not_found", "no VM has this name"));

    assertThat(VolarRun.of(api, "vms", "get", "a/b c?d").exitCode())
        .isEqualTo(ExitCode.NOT_FOUND.number());
  }
}
