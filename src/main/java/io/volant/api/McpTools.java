package io.volant.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.volant.model.FieldProblem;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpMethod;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * Runs tools: each is an operation of the API, done for the one who calls and within the same role.
 */
final class McpTools {

  /** A model's context is small, and a guest's log is not. */
  static final int ANSWER_BYTES_MAX = 256 << 10;

  private static final Duration ANSWER_TIME_MAX = Duration.ofSeconds(20);
  private static final int ARGUMENT_LENGTH_MAX = 4_096;
  private static final int WORDS_MAX = 256;

  /**
   * What a tool answered.
   *
   * @param status the operation's HTTP status
   * @param text its body, cut off where it is too long
   */
  record Answer(int status, String text, boolean cut) {}

  private final ActorSystem<?> system;
  private final Router router;
  private final boolean writes;

  /**
   * The tools.
   *
   * @param endpoints the operations that there are
   * @param writes whether there are tools that change something
   */
  McpTools(ActorSystem<?> system, List<Endpoint> endpoints, boolean writes) {
    this.system = system;
    this.router = new Router(endpoints);
    this.writes = writes;
  }

  /** Those that this caller may use. */
  List<McpTool> of(Principal principal) {
    return McpTool.ALL.stream()
        .filter(tool -> tool.readsOnly() || writes)
        .filter(tool -> isAllowed(tool, principal))
        .toList();
  }

  /** The one with this name, if this caller may use it. */
  Optional<McpTool> find(String name, Principal principal) {
    return of(principal).stream().filter(tool -> tool.name().equals(name)).findFirst();
  }

  private boolean isAllowed(McpTool tool, Principal principal) {
    return router.find(tool.method(), tool.path()) instanceof Router.Match.Found(var endpoint, _)
        && (endpoint.role() == null || principal.role().covers(endpoint.role()));
  }

  /** Runs a tool, or fails with {@link ProblemException} where its arguments are wrong. */
  CompletionStage<Answer> run(McpTool tool, JsonNode arguments, Call call) {
    check(tool, arguments);
    String path = tool.path();
    if (tool.isOfOneVm()) {
      path = path.replace("{name}", encoded(arguments.path("name").asText()));
    }
    List<String> query = new ArrayList<>();
    for (McpTool.Argument argument : tool.query()) {
      if (arguments.has(argument.name())) {
        query.add(argument.name() + "=" + encoded(arguments.path(argument.name()).asText()));
      }
    }
    String target = query.isEmpty() ? path : path + "?" + String.join("&", query);
    ObjectNode body = JsonBody.MAPPER.createObjectNode();
    for (McpTool.Argument argument : tool.body()) {
      if (arguments.has(argument.name())) {
        body.set(argument.name(), arguments.get(argument.name()));
      }
    }
    return run(tool.method(), target, tool.body().isEmpty() ? null : body, call);
  }

  /** Does an operation for a caller. */
  CompletionStage<Answer> run(
      HttpMethod method, String target, @Nullable JsonNode body, Call call) {
    HttpRequest request = HttpRequest.create(target).withMethod(method);
    if (body != null) {
      request =
          request.withEntity(HttpEntities.create(ContentTypes.APPLICATION_JSON, body.toString()));
    }
    if (!(router.find(method, request.getUri().path())
        instanceof Router.Match.Found(var endpoint, var values))) {
      throw Problem.ofField("name", "is not the name of a VM").asException();
    }
    if (endpoint.role() != null) {
      Gate.checkRole(call.principal(), endpoint.role())
          .ifPresent(problem -> {
            throw problem.asException();
          });
    }
    return endpoint
        .handler()
        .handle(new Call(request, values, call.principal(), call.asker(), false))
        .thenCompose(this::read);
  }

  private CompletionStage<Answer> read(HttpResponse response) {
    int status = response.status().intValue();
    return response
        .entity()
        .withoutSizeLimit()
        .getDataBytes()
        .takeWithin(ANSWER_TIME_MAX)
        .runFold(
            ByteString.emptyByteString(),
            // one byte more than the most tells that there was more
            (all, part) ->
                all.size() > ANSWER_BYTES_MAX
                    ? all
                    : all.concat(part.take(ANSWER_BYTES_MAX + 1 - all.size())),
            system)
        .thenApply(bytes ->
            new Answer(
                status,
                bytes.take(ANSWER_BYTES_MAX).utf8String(),
                bytes.size() > ANSWER_BYTES_MAX));
  }

  private static void check(McpTool tool, JsonNode arguments) {
    List<FieldProblem> problems = new ArrayList<>();
    for (McpTool.Argument argument : tool.arguments()) {
      JsonNode value = arguments.path(argument.name());
      if (value.isMissingNode() ? argument.required() : !fits(argument.kind(), value)) {
        problems.add(new FieldProblem(argument.name(), wanted(argument.kind())));
      }
    }
    arguments
        .fieldNames()
        .forEachRemaining(name -> {
          if (tool.arguments().stream().noneMatch(each -> each.name().equals(name))) {
            problems.add(new FieldProblem(Text.shown(name), "is not an argument of this tool"));
          }
        });
    if (!problems.isEmpty()) {
      throw Problem.ofFields(ErrorCode.INVALID_FIELD, problems.stream().limit(20).toList())
          .asException();
    }
  }

  private static boolean fits(McpTool.Argument.Kind kind, JsonNode value) {
    return switch (kind) {
      case TEXT -> value.isTextual() && value.asText().length() <= ARGUMENT_LENGTH_MAX;
      case NUMBER -> value.isIntegralNumber();
      case WORDS ->
          value.isArray()
              && value.size() <= WORDS_MAX
              && value.valueStream().allMatch(it -> fits(McpTool.Argument.Kind.TEXT, it));
    };
  }

  private static String wanted(McpTool.Argument.Kind kind) {
    return switch (kind) {
      case TEXT -> "must be text of at most " + ARGUMENT_LENGTH_MAX + " characters";
      case NUMBER -> "must be a whole number";
      case WORDS ->
          "must be a list of at most "
              + WORDS_MAX
              + " texts, each of at most "
              + ARGUMENT_LENGTH_MAX
              + " characters";
    };
  }

  private static String encoded(String part) {
    String encoded = URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
    return encoded.equals(".") || encoded.equals("..") ? encoded.replace(".", "%2E") : encoded;
  }
}
