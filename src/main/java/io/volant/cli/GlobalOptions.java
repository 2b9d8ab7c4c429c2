package io.volant.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The options that every command takes, before or after its name. */
final class GlobalOptions {
  @Option(
      names = {"-a", "--api"},
      scope = ScopeType.INHERIT,
      paramLabel = "URL",
      description =
          "Where volantd is: http(s)://… or unix:PATH (or VOLANT_API_BASE; default its socket here,"
              + " else http://127.0.0.1:7777).")
  @Nullable String api;

  @Option(
      names = "--api-key",
      scope = ScopeType.INHERIT,
      paramLabel = "KEY",
      description =
          "The daemon's API key (better in VOLANT_API_KEY: a command line can be seen by others).")
  @Nullable String apiKey;

  @Option(
      names = {"-o", "--output"},
      scope = ScopeType.INHERIT,
      paramLabel = "FORMAT",
      description = "table (default), json, or name (of lists: one name a line).")
  OutputFormat output = OutputFormat.table;

  @Option(
      names = {"-h", "--help"},
      scope = ScopeType.INHERIT,
      usageHelp = true,
      description = "Show this help.")
  boolean help;
}
