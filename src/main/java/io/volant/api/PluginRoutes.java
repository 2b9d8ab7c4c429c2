package io.volant.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.volant.manifest.CloudInit;
import io.volant.manifest.ManifestReader;
import io.volant.manifest.ManifestResult;
import io.volant.manifest.ManifestWriter;
import io.volant.manifest.PluginManifest;
import io.volant.plugin.Plugin;
import io.volant.plugin.PluginDirectory;
import io.volant.plugin.PluginReply;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/** {@code /api/v1/plugins}: what VMs are made from. */
final class PluginRoutes {

  private static final String ALL = "/api/v1/plugins";
  private static final String ONE = ALL + "/{plugin}";

  private final HostDesk desk;
  private final PluginDirectory plugins;
  private final JsonBody bodies;
  private final ManifestReader manifests;
  private final ApiDocument document;

  PluginRoutes(
      HostDesk desk,
      PluginDirectory plugins,
      JsonBody bodies,
      ManifestReader manifests,
      ApiDocument document) {
    this.desk = desk;
    this.plugins = plugins;
    this.bodies = bodies;
    this.manifests = manifests;
    this.document = document;
  }

  List<Endpoint> endpoints() {
    return List.of(
        Endpoint.get(ALL, this::list),
        Endpoint.post(ALL, this::install).needing(Role.ADMIN),
        Endpoint.get(ONE, this::show),
        Endpoint.delete(ONE, this::remove).needing(Role.ADMIN),
        Endpoint.get(ONE + "/manifest", this::manifest),
        Endpoint.post(ONE + "/enabled", this::setEnabled));
  }

  private CompletionStage<HttpResponse> list(Call call) {
    return CompletableFuture.completedFuture(
        Answers.ok(json -> {
          json.writeStartObject();
          json.writeArrayFieldStart("plugins");
          for (Plugin plugin : plugins.all()) {
            json.writeString(plugin.name());
          }
          json.writeEndArray();
          json.writeEndObject();
        }));
  }

  private CompletionStage<HttpResponse> install(Call call) {
    QueryReader query = call.query();
    boolean replace = query.flag("replace", false);
    query.check();
    return bodies
        .of(call.request())
        .thenCompose(body -> desk.install(read(body), replace, call.asker()))
        .thenApply(reply -> answer(call, reply, plugin -> shown(201, plugin, call)));
  }

  private PluginManifest read(JsonNode body) {
    return switch (manifests.read(body)) {
      case ManifestResult.Valid(var manifest) -> {
        CloudInit cloudInit = manifest.cloudInit();
        ApiDocument.check(cloudInit == null ? List.of() : cloudInit.notInline("cloud_init"));
        yield manifest;
      }
      case ManifestResult.Invalid(var problems) -> {
        ApiDocument.check(problems);
        throw new IllegalStateException("an invalid manifest without problems");
      }
    };
  }

  private CompletionStage<HttpResponse> show(Call call) {
    return CompletableFuture.completedFuture(shown(200, find(plugins, call), call));
  }

  private CompletionStage<HttpResponse> manifest(Call call) {
    Plugin plugin = find(plugins, call);
    if (!plugin.enabled()) {
      throw Problem.of(
              ErrorCode.PLUGIN_DISABLED,
              "plugin '" + plugin.name() + "' is disabled; enable it first")
          .asException();
    }
    return CompletableFuture.completedFuture(shown(200, plugin, call));
  }

  private CompletionStage<HttpResponse> remove(Call call) {
    QueryReader query = call.query();
    boolean force = query.flag("force", false);
    query.check();
    return desk.remove(call.path("plugin"), force, call.asker())
        .thenApply(reply ->
            call.again()
                    && reply instanceof PluginReply.Refused(var reason, _)
                    && reason == PluginReply.Reason.NOT_FOUND
                ? Answers.nothing()
                : answer(call, reply, _ -> Answers.nothing()));
  }

  private CompletionStage<HttpResponse> setEnabled(Call call) {
    return bodies
        .of(call.request())
        .thenCompose(body -> {
          document.check("PluginEnabled", body);
          boolean enabled = body.get("enabled").booleanValue();
          return desk.setEnabled(call.path("plugin"), enabled, call.asker());
        })
        .thenApply(reply ->
            answer(
                call,
                reply,
                plugin ->
                    Answers.ok(json -> {
                      json.writeStartObject();
                      json.writeBooleanField("enabled", plugin.enabled());
                      json.writeEndObject();
                    })));
  }

  /** What a plugin said to a call, where {@code accepted} makes the answer of a yes. */
  static HttpResponse answer(
      Call call, PluginReply reply, Function<Plugin, HttpResponse> accepted) {
    return switch (reply) {
      case PluginReply.Accepted(var plugin) -> accepted.apply(plugin);
      case PluginReply.Removed _ -> Answers.nothing();
      case PluginReply.Refused refused ->
          refused.reason() == PluginReply.Reason.NOT_FOUND
              ? Problem.noPlugin(call.path("plugin")).response()
              : ReplyStatus.of(refused).response();
    };
  }

  /** The plugin with the name in a call's path, or a {@link ProblemException}. */
  static Plugin find(PluginDirectory plugins, Call call) {
    String name = call.path("plugin");
    return plugins.find(name).orElseThrow(() -> Problem.noPlugin(name).asException());
  }

  /**
   * The manifest that was installed, with {@code enabled} as it is now, and what defaults say, as
   * this caller may see it.
   */
  private static HttpResponse shown(int status, Plugin plugin, Call call) {
    ObjectNode tree = (ObjectNode) ManifestWriter.tree(plugin.manifest());
    Secrets.manifest(tree, call.principal());
    tree.put("runtime", plugin.manifest().runtime());
    tree.put("enabled", plugin.enabled());
    ObjectNode labels = tree.putObject("labels");
    plugin.manifest().allLabels().forEach(labels::put);
    return Answers.json(status, json -> json.writeTree(tree));
  }
}
