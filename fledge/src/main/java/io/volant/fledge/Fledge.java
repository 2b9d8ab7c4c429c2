package io.volant.fledge;

import io.volant.fledge.report.ExitCode;
import io.volant.fledge.report.OneLine;
import io.volant.fledge.step.Workbench;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code fledge}: builds bootable images and their plugin manifests. */
@Command(
    name = "fledge",
    description = "Builds bootable images and their plugin manifests.",
    versionProvider = Version.class,
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
public final class Fledge implements Runnable {
  @Spec private @Nullable CommandSpec spec;

  private Fledge() {}

  /** Runs a command and ends the JVM with its exit code, see {@link ExitCode}. */
  public static void main(String[] arguments) {
    PrintWriter output = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    PrintWriter errors = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    System.exit(run(Workbench.ofHost(), Screen.ofHost(), output, errors, arguments));
  }

  /** Runs a command; what it prints goes to the two writers. */
  static int run(
      Workbench workbench,
      Screen screen,
      PrintWriter output,
      PrintWriter errors,
      String... arguments) {
    return new CommandLine(new Fledge())
        .addSubcommand(new BuildCommand(workbench, screen))
        .addSubcommand(new InitCommand())
        .addSubcommand(new InspectCommand())
        .addSubcommand(new ServeCommand(workbench))
        .addSubcommand(new VersionCommand())
        .setOut(output)
        .setErr(errors)
        .setParameterExceptionHandler((mistake, _) -> usageMistake(mistake))
        .setExecutionExceptionHandler((bug, command, _) -> bug(bug, command))
        .execute(arguments);
  }

  @Override
  public void run() {
    if (spec != null) {
      throw new ParameterException(
          spec.commandLine(), "a command is missing: build, init, inspect, serve or version");
    }
  }

  private static int usageMistake(ParameterException mistake) {
    CommandLine command = mistake.getCommandLine();
    String help = command.getCommandSpec().qualifiedName() + " --help";
    command
        .getErr()
        .println(
            "fledge: " + OneLine.of(String.valueOf(mistake.getMessage())) + " (see: " + help + ")");
    return ExitCode.USAGE.number();
  }

  private static int bug(Exception bug, CommandLine command) {
    command
        .getErr()
        .println("fledge: this is a mistake in fledge itself: " + OneLine.of(bug.toString()));
    return ExitCode.BUG.number();
  }
}
