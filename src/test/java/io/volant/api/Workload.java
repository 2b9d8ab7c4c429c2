package io.volant.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;

/** A real server behind the simulated guests' tunnels, that answers with what it was asked. */
final class Workload implements AutoCloseable {

  private final HttpServer server;
  private final ServerSocket silent;

  private final SocketWorkload sockets;

  /** Whether it describes its API. */
  private volatile boolean describes = true;

  Workload() throws IOException {
    InetAddress here = InetAddress.getLoopbackAddress();
    silent = new ServerSocket(0, 50, here);
    sockets = new SocketWorkload(SocketWorkload::echo);
    server = HttpServer.create(new InetSocketAddress(here, 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::echo);
    server.start();
  }

  /** Lets tunnels lead to it, in one of its moods. */
  void serve(RunningApi api, String mood) {
    describes = !mood.equals("taciturn");
    api.workloadPort =
        switch (mood) {
          case "echo", "taciturn" -> server.getAddress().getPort();
          case "silent" -> silent.getLocalPort();
          case "sockets" -> sockets.port();
          case "gone" -> null;
          default -> throw new IllegalArgumentException("no mood: " + mood);
        };
  }

  private void echo(HttpExchange exchange) throws IOException {
    ObjectNode answer = RunningApi.JSON.createObjectNode();
    boolean asked = exchange.getRequestURI().getPath().equals("/v1/openapi");
    if (asked) {
      answer.put("openapi", "3.1.0").putObject("info").put("title", "echo").put("version", "1");
      answer.putObject("paths");
    } else {
      answer.put("method", exchange.getRequestMethod());
      answer.put("uri", exchange.getRequestURI().toString());
      answer.put(
          "body", new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
    }
    byte[] bytes = RunningApi.JSON.writeValueAsBytes(answer);
    boolean head = exchange.getRequestMethod().equals("HEAD");
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.getResponseHeaders().set("X-Workload", "echo");
    exchange.sendResponseHeaders(asked && !describes ? 404 : 200, head ? -1 : bytes.length);
    if (!head) {
      exchange.getResponseBody().write(bytes);
    }
    exchange.close();
  }

  @Override
  public void close() throws IOException {
    server.stop(0);
    silent.close();
    sockets.close();
  }
}
