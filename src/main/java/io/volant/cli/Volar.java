package io.volant.cli;

import io.volant.cli.http.ApiFailure;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.ParameterException;

/**
 * The command line of Volant: parses the arguments, runs one command, turns failures into one line
 * and an exit code.
 */
public final class Volar {

  private Volar() {}

  /** Runs the command and ends the process with its {@link ExitCode}. */
  public static void main(String[] arguments) {
    Map<String, String> environment = System.getenv();
    boolean interactive = isTerminal();
    boolean colour = interactive && environment.getOrDefault("NO_COLOR", "").isEmpty();
    // Guests write UTF-8 whatever the locale of this shell is.
    PrintWriter out =
        new PrintWriter(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
    PrintWriter err =
        new PrintWriter(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
    int code =
        run(
            new Session(
                new Terminal(out, err, interactive, colour), environment, Clock.systemUTC()),
            arguments);
    out.flush();
    // Threads that still follow a feed must not keep the process alive.
    Runtime.getRuntime().exit(code);
  }

  // JDK 25 returns null again where there is no terminal, whatever the check says.
  @SuppressWarnings("SystemConsoleNull")
  private static boolean isTerminal() {
    var console = System.console();
    return console != null && console.isTerminal();
  }

  static int run(Session session, String... arguments) {
    CommandLine commands = commandLine(session, arguments);
    int code = commands.execute(arguments);
    session.terminal().out().flush();
    return code;
  }

  private static CommandLine commandLine(Session session, String... arguments) {
    Terminal terminal = session.terminal();
    CommandLine root = CommandTree.build(session, arguments);
    root.setCaseInsensitiveEnumValuesAllowed(true);
    root.setOut(terminal.out());
    root.setErr(terminal.err());
    root.setUsageHelpWidth(100);
    root.getCommandSpec()
        .usageMessage()
        .exitCodeListHeading("Exit codes:%n")
        .exitCodeList(exitCodes());
    root.setColorScheme(Help.defaultColorScheme(terminal.colour() ? Help.Ansi.ON : Help.Ansi.OFF));
    root.setParameterExceptionHandler((failure, _) -> refuse(terminal, failure));
    root.setExecutionExceptionHandler((failure, _, _) -> fail(terminal, failure).number());
    return root;
  }

  private static Map<String, String> exitCodes() {
    Map<String, String> codes = new LinkedHashMap<>();
    for (ExitCode code : ExitCode.values()) {
      codes.put((code.number() < 10 ? " " : "") + code.number(), code.meaning());
    }
    return codes;
  }

  private static int refuse(Terminal terminal, ParameterException failure) {
    String command = failure.getCommandLine().getCommandSpec().qualifiedName();
    String what = String.valueOf(failure.getMessage()).replaceFirst("^Error: ", "");
    terminal.complain((what.endsWith(".") ? what : what + ".") + " See '" + command + " --help'.");
    return ExitCode.USAGE.number();
  }

  private static ExitCode fail(Terminal terminal, Exception failure) {
    return switch (failure) {
      case CliFailure known -> complain(terminal, known.exitCode(), known.getMessage());
      case ApiFailure api -> complain(terminal, ExitCode.of(api), api.getMessage());
      default ->
          complain(terminal, ExitCode.INTERNAL, "this is a mistake in volar itself: " + failure);
    };
  }

  static ExitCode complain(Terminal terminal, ExitCode code, String message) {
    terminal.complain(message);
    return code;
  }
}
