package io.volant.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.volant.cli.http.ApiPath;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "show", description = "Shows a plugin (-o json: its whole manifest).")
final class PluginShow implements Callable<Integer> {
  private static final List<String> FIELDS =
      List.of(
          "/name",
          "/version",
          "/runtime",
          "/enabled",
          "/resources/cpu_cores",
          "/resources/memory_mb",
          "/workload/base_url",
          "/workload/entrypoint",
          "/initramfs/url",
          "/initramfs/checksum",
          "/rootfs/url",
          "/rootfs/checksum",
          "/rootfs/format",
          "/network/mode",
          "/health_check/endpoint",
          "/openapi");

  private final Session session;

  @Parameters(paramLabel = "PLUGIN", description = "The plugin.")
  private String name = "";

  PluginShow(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws Exception {
    JsonNode manifest = session.api().get(ApiPath.of("plugins", name)).body();
    if (session.wantsJson()) {
      session.terminal().printJson(manifest);
      return ExitCode.OK.number();
    }
    TextTable table = new TextTable();
    for (String field : FIELDS) {
      String value = text(manifest.at(field));
      if (!value.isEmpty()) {
        table.row(field.substring(1).replace('/', '.'), value);
      }
    }
    table.printTo(session.terminal());
    return ExitCode.OK.number();
  }

  private static String text(JsonNode value) {
    if (!value.isArray()) {
      return value.asText("");
    }
    List<String> words = new ArrayList<>();
    value.forEach(word -> words.add(word.asText()));
    return String.join(" ", words);
  }
}
