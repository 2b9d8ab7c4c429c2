package io.volant.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.volant.cli.http.ApiClient;
import io.volant.cli.http.ApiPath;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "install", description = "Installs a plugin from its manifest.")
final class PluginInstall implements Callable<Integer> {
  private final Session session;

  @ArgGroup(multiplicity = "1")
  private Source source = new Source();

  @Option(names = "--replace", description = "Replace the same version if its content is another.")
  private boolean replace;

  /** Exactly one of them is given. */
  static final class Source {
    @Option(
        names = "--manifest",
        required = true,
        paramLabel = "FILE",
        description = "The manifest is this file.")
    @Nullable Path file;

    @Option(
        names = "--url",
        required = true,
        paramLabel = "URL",
        description = "The manifest is at this URL.")
    @Nullable String url;

    @Parameters(
        paramLabel = "FILE-or-URL",
        description = "The manifest: a file, or a URL (http, https).")
    @Nullable String place;

    ObjectNode manifest() throws CliFailure {
      if (url != null) {
        return ManifestSource.ofUrl(url);
      }
      if (place != null && ManifestSource.isUrl(place)) {
        return ManifestSource.ofUrl(place);
      }
      return ManifestSource.ofFile(file != null ? file : Path.of(place == null ? "" : place));
    }
  }

  PluginInstall(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws Exception {
    ApiPath path = ApiPath.of("plugins");
    path = replace ? path.with("replace", "true") : path;
    JsonNode kept = session.api().post(path, source.manifest(), ApiClient.PATIENCE).body();
    if (session.wantsJson()) {
      session.terminal().printJson(kept);
    } else {
      String version = kept.path("version").asText("");
      session.terminal().print(kept.path("name").asText("") + " " + version + " is installed");
    }
    return ExitCode.OK.number();
  }
}
