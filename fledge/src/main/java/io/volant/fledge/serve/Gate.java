package io.volant.fledge.serve;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.volant.fledge.report.EventJson;
import io.volant.fledge.report.OneLine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * Everything comes through here: who may call, which web pages may, and what becomes of a mistake.
 * A build reads and writes files of this machine, so a web page that was not named must not reach
 * it, not even without a key.
 */
final class Gate implements HttpHandler {
  private static final String KEY_HEADER = "X-Volant-API-Key";
  private static final String BEARER = "Bearer ";

  private final ServeSettings settings;
  private final Routes routes;

  Gate(ServeSettings settings, Routes routes) {
    this.settings = settings;
    this.routes = routes;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      answer(exchange);
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    try {
      if (allowOrigin(exchange) && exchange.getRequestMethod().equals("OPTIONS")) {
        Answers.empty(exchange, 204);
        return;
      }
      routes.handle(exchange, mayBuild(exchange));
    } catch (Refusal refusal) {
      Answers.json(exchange, refusal.status(), EventJson.fields(refusal.answer()) + "\n");
    } catch (RuntimeException bug) {
      Refusal refusal =
          Refusal.of(500, "bug", "this is a mistake in fledge itself: " + OneLine.of("" + bug));
      Answers.json(exchange, refusal.status(), EventJson.fields(refusal.answer()) + "\n");
    }
  }

  /** Whether the call comes from a web page that may. */
  private boolean allowOrigin(HttpExchange exchange) throws Refusal {
    String origin = exchange.getRequestHeaders().getFirst("Origin");
    if (origin == null) {
      return false;
    }
    if (!settings.origins().contains(origin) && !settings.origins().contains("*")) {
      throw Refusal.of(
          403, "origin", "the origin " + OneLine.of(origin) + " is not in --cors-origins");
    }
    Headers headers = exchange.getResponseHeaders();
    headers.set("Access-Control-Allow-Origin", origin);
    headers.set("Access-Control-Allow-Methods", "GET, POST, OPTIONS");
    headers.set("Access-Control-Allow-Headers", "Content-Type, Authorization, " + KEY_HEADER);
    headers.set("Vary", "Origin");
    return true;
  }

  private boolean mayBuild(HttpExchange exchange) {
    String key = settings.apiKey();
    return key == null || isSame(key, given(exchange.getRequestHeaders()));
  }

  private static @Nullable String given(Headers headers) {
    String bearer = headers.getFirst("Authorization");
    return bearer != null && bearer.startsWith(BEARER)
        ? bearer.substring(BEARER.length())
        : headers.getFirst(KEY_HEADER);
  }

  // In the same time wherever the first difference is.
  private static boolean isSame(String key, @Nullable String given) {
    return given != null
        && MessageDigest.isEqual(
            key.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
  }
}
