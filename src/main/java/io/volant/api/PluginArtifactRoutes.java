package io.volant.api;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import io.volant.artifact.ArtifactRef;
import io.volant.artifact.DiskFormat;
import io.volant.host.NewArtifact;
import io.volant.plugin.Plugin;
import io.volant.plugin.PluginArtifact;
import io.volant.plugin.PluginDirectory;
import io.volant.plugin.PluginReply;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/** {@code /api/v1/plugins/{plugin}/artifacts}: the files of a plugin that are in the store. */
final class PluginArtifactRoutes {

  private static final String ALL = "/api/v1/plugins/{plugin}/artifacts";
  private static final String ONE = ALL + "/{artifact}";
  private static final int VERSION_LENGTH_MAX = 128;

  private final HostDesk desk;
  private final PluginDirectory plugins;
  private final JsonBody bodies;
  private final ApiDocument document;

  PluginArtifactRoutes(
      HostDesk desk, PluginDirectory plugins, JsonBody bodies, ApiDocument document) {
    this.desk = desk;
    this.plugins = plugins;
    this.bodies = bodies;
    this.document = document;
  }

  List<Endpoint> endpoints() {
    return List.of(
        Endpoint.get(ALL, this::list),
        Endpoint.post(ALL, this::add).needing(Role.ADMIN),
        Endpoint.delete(ALL, this::removeAll).needing(Role.ADMIN),
        Endpoint.get(ONE, this::show),
        Endpoint.delete(ONE, this::removeOne).needing(Role.ADMIN));
  }

  private CompletionStage<HttpResponse> list(Call call) {
    Optional<String> version = version(call);
    List<PluginArtifact> found =
        PluginRoutes.find(plugins, call).artifacts().stream()
            .filter(each -> version.isEmpty() || each.version().equals(version.get()))
            .toList();
    return CompletableFuture.completedFuture(
        Answers.ok(json -> {
          json.writeStartArray();
          for (PluginArtifact artifact : found) {
            write(json, artifact, call.principal());
          }
          json.writeEndArray();
        }));
  }

  private CompletionStage<HttpResponse> show(Call call) {
    Plugin plugin = PluginRoutes.find(plugins, call);
    String version = version(call).orElse(plugin.manifest().version());
    String name = call.path("artifact");
    PluginArtifact artifact =
        plugin.artifacts().stream()
            .filter(each -> each.is(version, name))
            .findFirst()
            .orElseThrow(() ->
                Problem.of(
                        ErrorCode.ARTIFACT_NOT_FOUND,
                        "plugin "
                            + plugin.name()
                            + " "
                            + Text.shown(version)
                            + " has no artifact "
                            + Text.shown(name))
                    .asException());
    return CompletableFuture.completedFuture(
        Answers.ok(json -> write(json, artifact, call.principal())));
  }

  private CompletionStage<HttpResponse> add(Call call) {
    Optional<String> version = version(call);
    String plugin = call.path("plugin");
    return bodies
        .of(call.request())
        .thenCompose(body -> {
          NewArtifact wanted = read(body, version, PluginRoutes.find(plugins, call));
          return desk.addArtifact(plugin, wanted, call.asker())
              .thenApply(reply ->
                  PluginRoutes.answer(
                      call,
                      reply,
                      changed ->
                          changed.artifacts().stream()
                              .filter(each -> each.is(wanted.version(), wanted.name()))
                              .findFirst()
                              .map(each ->
                                  Answers.json(201, json -> write(json, each, call.principal())))
                              .orElseGet(Answers::nothing)));
        });
  }

  private NewArtifact read(JsonNode body, Optional<String> ofQuery, Plugin plugin) {
    document.check("NewPluginArtifact", body);
    String version = body.path("version").asText(ofQuery.orElse(plugin.manifest().version()));
    if (ofQuery.isPresent() && !ofQuery.get().equals(version)) {
      throw Problem.ofField("version", "must be the same in the query and in the body")
          .asException();
    }
    JsonNode format = body.path("format");
    return new NewArtifact(
        version,
        body.path("artifact_name").asText(),
        body.path("kind").asText("file"),
        new ArtifactRef(
            body.path("source_url").asText(),
            body.has("checksum") ? body.path("checksum").asText() : null),
        format.isMissingNode()
            ? null
            : DiskFormat.valueOf(format.asText().toUpperCase(Locale.ROOT)));
  }

  private CompletionStage<HttpResponse> removeAll(Call call) {
    return desk.removeArtifacts(call.path("plugin"), version(call).orElse(null), null, call.asker())
        .thenApply(reply -> PluginRoutes.answer(call, reply, _ -> Answers.nothing()));
  }

  private CompletionStage<HttpResponse> removeOne(Call call) {
    return desk.removeArtifacts(
            call.path("plugin"), version(call).orElse(null), call.path("artifact"), call.asker())
        .thenApply(reply ->
            call.again()
                    && reply instanceof PluginReply.Refused(var reason, _)
                    && reason == PluginReply.Reason.ARTIFACT_NOT_FOUND
                ? Answers.nothing()
                : PluginRoutes.answer(call, reply, _ -> Answers.nothing()));
  }

  private static Optional<String> version(Call call) {
    QueryReader query = call.query();
    Optional<String> version = query.text("version", VERSION_LENGTH_MAX);
    query.check();
    return version;
  }

  private static void write(JsonGenerator json, PluginArtifact artifact, Principal reader)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("version", artifact.version());
    json.writeStringField("artifact_name", artifact.name());
    json.writeStringField("kind", artifact.kind());
    json.writeStringField("source_url", Secrets.url(artifact.url(), reader));
    json.writeStringField("checksum", "sha256:" + artifact.stored().digest());
    DiskFormat format = artifact.format();
    if (format != null) {
      json.writeStringField("format", format.name().toLowerCase(Locale.ROOT));
    }
    json.writeStringField("local_path", artifact.stored().path());
    json.writeNumberField("size_bytes", artifact.stored().sizeBytes());
    json.writeEndObject();
  }
}
