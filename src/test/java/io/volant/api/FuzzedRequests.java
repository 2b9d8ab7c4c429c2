package io.volant.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.volant.api.OpenApiDocument.Operation;
import java.io.ByteArrayOutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.util.ByteString;

/** Requests made from the API's description: right ones, and ones with something wrong. */
final class FuzzedRequests {

  private final OpenApiDocument document;
  private final List<Operation> operations;
  private final Chance chance;
  private final FuzzedValues values;

  /**
   * A request.
   *
   * @param target path and query, each character a byte
   * @param bytes the whole of it, as it is sent
   */
  record Made(String method, String target, ByteString bytes) {
    @Override
    public String toString() {
      String text = bytes.decodeString(StandardCharsets.ISO_8859_1);
      return text.length() > 700 ? text.substring(0, 700) + "…" : text;
    }
  }

  FuzzedRequests(OpenApiDocument document, Chance chance) {
    this.document = document;
    this.operations = document.operations();
    this.chance = chance;
    this.values = new FuzzedValues(document, chance);
  }

  Made next() {
    Operation operation = chance.of(operations);
    String method = operation.name().substring(0, operation.name().indexOf(' '));
    if (chance.oneIn(30)) {
      method = chance.pick("PUT", "TRACE", "FOO", "HEAD", "OPTIONS", "get", "POST");
    }
    List<JsonNode> parameters = parameters(operation);
    String target = path(operation.path()) + query(parameters);
    List<String> headers = headers(operation, parameters);
    byte[] body = body(operation, headers);
    return new Made(method, target, whole(method + " " + target + " HTTP/1.1", headers, body));
  }

  private List<JsonNode> parameters(Operation operation) {
    List<JsonNode> parameters = new ArrayList<>();
    operation.node().path("parameters").forEach(each -> parameters.add(document.resolved(each)));
    return parameters;
  }

  private String path(String template) {
    StringBuilder path = new StringBuilder();
    for (String part : template.substring(1).split("/", -1)) {
      path.append('/');
      if (!part.startsWith("{")) {
        path.append(chance.oneIn(200) ? oddPart() : part);
      } else if (chance.oneIn(8)) {
        path.append(oddPart());
      } else {
        path.append(known(part.substring(1, part.length() - 1)));
      }
    }
    return path.toString();
  }

  /** What stands in the path under a name. */
  private String known(String name) {
    JsonNode text = RunningApi.JSON.createObjectNode().put("type", "string");
    return name.equals("port")
        ? chance.pick("80", "1", "65535")
        : values.fitting(name, text).asText();
  }

  private String oddPart() {
    return chance.pick(
        "a%2Fb",
        "%00",
        "..",
        ".",
        "%2e%2e",
        "%FF",
        "%zz",
        "%",
        "%C3%A4",
        "x".repeat(3_000),
        "+",
        "",
        ";a=b",
        "%F0%9F%92%A9",
        "\u00ff",
        "a b",
        "a\tb",
        "\\",
        "|",
        "[",
        "{name}",
        "%E2%80%AE",
        "web-1%0d%0aX:y");
  }

  private String query(List<JsonNode> parameters) {
    List<String> pairs = new ArrayList<>();
    for (JsonNode parameter : parameters) {
      boolean wanted = parameter.path("required").asBoolean() ? !chance.oneIn(10) : chance.oneIn(3);
      if (parameter.path("in").asText().equals("query") && wanted) {
        pairs.addAll(pairs(parameter));
      }
    }
    if (pairs.stream().anyMatch(pair -> pair.startsWith("wait="))) {
      pairs.add("timeout=1"); // else it may rightly take a minute
    }
    if (chance.oneIn(20)) {
      pairs.add(
          chance.pick(
              "",
              "=",
              "a",
              "a=%zz",
              "%FF=%FF",
              "=&=",
              "x=" + "y".repeat(4_000),
              "a[]=1",
              "ü=1",
              "q=%00",
              "api_key=x"));
    }
    return pairs.isEmpty() ? chance.oneIn(50) ? "?" : "" : "?" + String.join("&", pairs);
  }

  private List<String> pairs(JsonNode parameter) {
    String name = parameter.path("name").asText();
    if (chance.oneIn(6)) {
      String odd =
          chance.pick(
              "",
              "-1",
              "0",
              "99999999999999999999",
              "1.5",
              "x",
              "%00",
              "%FF",
              "%zz",
              "true,false",
              "1e9",
              "%20",
              "null",
              "x".repeat(2_000));
      return chance.oneIn(4) ? List.of(name + "=" + odd, name + "=1") : List.of(name + "=" + odd);
    }
    JsonNode value = values.fitting(name, parameter.path("schema"));
    List<String> pairs = new ArrayList<>();
    for (JsonNode each : value.isArray() ? value : RunningApi.JSON.createArrayNode().add(value)) {
      pairs.add(name + "=" + URLEncoder.encode(each.asText(), StandardCharsets.UTF_8));
    }
    return pairs;
  }

  private List<String> headers(Operation operation, List<JsonNode> parameters) {
    List<String> headers = new ArrayList<>();
    if (!chance.oneIn(200)) {
      headers.add("Host: volant");
    }
    for (JsonNode parameter : parameters) {
      if (parameter.path("in").asText().equals("header") && chance.oneIn(4)) {
        String name = parameter.path("name").asText();
        headers.add(
            name
                + ": "
                + (chance.oneIn(3)
                    ? oddValue()
                    : values.fitting(name, parameter.path("schema")).asText()));
      }
    }
    if (operation.node().path("responses").has("101") && !chance.oneIn(8)) {
      upgrade(headers);
    } else {
      headers.add("Connection: close");
    }
    if (chance.oneIn(20)) {
      headers.add(
          chance.pick(
              "Accept: text/event-stream",
              "Accept: nothing/at-all",
              "Origin: https://evil.example",
              "X-Request-Id: a b",
              "Expect: 100-continue",
              "Expect: nothing",
              "Range: bytes=0-1",
              "Cookie: a=b; c",
              "Host: other",
              "Authorization: Bearer x",
              "X-Volant-API-Key: \u00ff",
              "Content-Encoding: gzip",
              "If-Match: \"1\", \"2\"",
              "Idempotency-Key: ",
              "Idempotency-Key: \u00e4",
              "X-Forwarded-For: not an address",
              "Last-Event-ID: -1",
              "Accept-Encoding: gzip",
              "TE: trailers",
              "Upgrade: h2c",
              "X: " + "y".repeat(9_000),
              "No colon here",
              ": no name",
              "MCP-Protocol-Version: 1"));
    }
    return headers;
  }

  private String oddValue() {
    return chance.pick(
        "",
        " ",
        "x".repeat(300),
        "\u00e4",
        "a b",
        "\"",
        "\"x\"",
        "W/\"1\"",
        "-1",
        "1, 2",
        "99999999999999999999",
        "\u0001");
  }

  private void upgrade(List<String> headers) {
    boolean odd = chance.oneIn(4);
    headers.add(odd && chance.oneIn(3) ? "Connection: close" : "Connection: Upgrade");
    headers.add(
        "Upgrade: "
            + (odd && chance.oneIn(3) ? chance.pick("h2c", "", "WEBSOCKET, x") : "websocket"));
    headers.add(
        "Sec-WebSocket-Version: "
            + (odd ? chance.pick("12", "8", "", "x", "13, 8", "99999999999") : "13"));
    if (!odd || chance.oneIn(2)) {
      headers.add(
          "Sec-WebSocket-Key: "
              + (odd ? chance.pick("", "short", "!!!!") : "dGhlIHNhbXBsZSBub25jZQ=="));
    }
    if (odd) {
      headers.add(
          chance.pick(
              "Sec-WebSocket-Protocol: a, b",
              "Sec-WebSocket-Extensions: permessage-deflate",
              "Sec-WebSocket-Protocol: "));
    }
  }

  private byte[] body(Operation operation, List<String> headers) {
    JsonNode content = operation.node().path("requestBody").path("content");
    if (content.isMissingNode() ? !chance.oneIn(15) : chance.oneIn(20)) {
      return new byte[0];
    }
    String type = content.isMissingNode() ? "application/json" : content.fieldNames().next();
    if (chance.oneIn(15)) {
      type =
          chance.pick(
              "text/plain",
              "application/json; charset=utf-16",
              "application/jsonx",
              "x",
              "",
              "application/json;",
              "multipart/form-data");
    }
    if (!chance.oneIn(40)) {
      headers.add("Content-Type: " + type.replace("*/*", "application/octet-stream"));
    }
    byte[] body = json(content.elements().hasNext() ? content.elements().next() : content);
    return chance.oneIn(8) ? broken(body) : body;
  }

  private byte[] json(JsonNode media) {
    JsonNode value;
    List<JsonNode> examples = new ArrayList<>();
    media.path("examples").forEach(each -> examples.add(document.resolved(each).path("value")));
    if (media.has("example")) {
      examples.add(media.path("example"));
    }
    if (!examples.isEmpty() && chance.oneIn(4)) {
      value = chance.of(examples);
    } else {
      value = values.fitting("body", media.path("schema"));
    }
    for (int times = chance.pick(0, 0, 1, 1, 3); times > 0; times--) {
      value = values.spoiled(value);
    }
    try {
      return RunningApi.JSON.writeValueAsBytes(value);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private byte[] broken(byte[] body) {
    String text = new String(body, StandardCharsets.ISO_8859_1);
    String broken =
        switch (chance.below(9)) {
          case 0 -> text.substring(0, text.length() / 2);
          case 1 -> text.replaceFirst("\"", "\"\u00ff\u00fe");
          case 2 -> "\u00ef\u00bb\u00bf" + text;
          case 3 -> text + text;
          case 4 -> text.replaceFirst("\\{", "{\"name\":\"a\",\"name\":\"b\",");
          case 5 -> "[".repeat(20_000);
          case 6 -> chance.oneIn(20) ? "\"" + "x".repeat(2 << 20) + "\"" : "NaN";
          case 7 -> text.replaceFirst("\"([a-z])", "\"\\\\ud800$1");
          default -> chance.pick("", "null", "[]", "\"\"", "0", "/* */{}", "{'a':1}", "\u0000");
        };
    return broken.getBytes(StandardCharsets.ISO_8859_1);
  }

  private ByteString whole(String line, List<String> headers, byte[] body) {
    StringBuilder head = new StringBuilder(line).append("\r\n");
    byte[] sent = body;
    if (chance.oneIn(25)) {
      head.append("Transfer-Encoding: chunked\r\n");
      String size =
          chance.oneIn(3)
              ? chance.pick("x", "-1", "FFFFFFFFF", "")
              : Integer.toHexString(body.length);
      sent =
          (size + "\r\n" + new String(body, StandardCharsets.ISO_8859_1) + "\r\n0\r\n\r\n")
              .getBytes(StandardCharsets.ISO_8859_1);
    } else if (body.length > 0) {
      int length = chance.oneIn(30) ? body.length + 10 : body.length;
      head.append("Content-Length: ").append(length).append("\r\n");
      if (chance.oneIn(60)) {
        head.append("Content-Length: ").append(chance.pick("1", "-1", "x")).append("\r\n");
      }
    }
    headers.forEach(header -> head.append(header).append("\r\n"));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
    bytes.writeBytes(sent);
    return ByteString.fromArrayUnsafe(bytes.toByteArray());
  }
}
