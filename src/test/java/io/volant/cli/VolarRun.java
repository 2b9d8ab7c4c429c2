package io.volant.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;

/**
 * One run of {@code volar} inside the test.
 *
 * @param exitCode what the process would end with
 * @param out what it printed as its result
 * @param err errors and progress
 */
record VolarRun(int exitCode, String out, String err) {
  private static final Instant NOW = Instant.parse("2026-11-23T15:00:00Z");

  static VolarRun of(ScriptedApi api, String... arguments) {
    return with(Map.of("VOLANT_API_BASE", api.url()), false, arguments);
  }

  static VolarRun with(Map<String, String> environment, boolean colour, String... arguments) {
    return on(environment, colour, colour, arguments);
  }

  /** A terminal whose owner wants no colours (NO_COLOR). */
  static VolarRun plain(ScriptedApi api, String... arguments) {
    return on(Map.of("VOLANT_API_BASE", api.url()), true, false, arguments);
  }

  private static VolarRun on(
      Map<String, String> environment, boolean interactive, boolean colour, String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    Terminal terminal =
        new Terminal(new PrintWriter(out), new PrintWriter(err), interactive, colour);
    Session session = new Session(terminal, environment, Clock.fixed(NOW, ZoneOffset.UTC));
    int exitCode = Volar.run(session, arguments);
    terminal.err().flush();
    return new VolarRun(exitCode, out.toString(), err.toString());
  }
}
