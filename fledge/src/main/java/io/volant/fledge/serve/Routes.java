package io.volant.fledge.serve;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;

/** Which request is for what. */
final class Routes {
  private final BuildRoute builds;

  Routes(BuildRoute builds) {
    this.builds = builds;
  }

  /**
   * Answers a request.
   *
   * @param mayBuild whether the caller knows the key
   */
  void handle(HttpExchange exchange, boolean mayBuild) throws IOException, Refusal {
    switch (exchange.getRequestURI().getPath()) {
      case "/v1/healthz" -> {
        allow("GET", exchange);
        Answers.json(exchange, 200, "{\"status\":\"ok\"}\n");
      }
      case "/v1/build" -> {
        allow("POST", exchange);
        if (!mayBuild) {
          throw Refusal.of(
              401,
              "unauthorized",
              "the API key is missing or wrong: X-Volant-API-Key or Authorization: Bearer");
        }
        builds.handle(exchange);
      }
      default ->
          throw Refusal.of(
              404, "not_found", "there are only GET /v1/healthz and POST /v1/build here");
    }
  }

  private static void allow(String method, HttpExchange exchange) throws Refusal {
    if (!exchange.getRequestMethod().equals(method)) {
      exchange.getResponseHeaders().set("Allow", method + ", OPTIONS");
      throw Refusal.of(405, "method_not_allowed", "only " + method + " is allowed here");
    }
  }
}
