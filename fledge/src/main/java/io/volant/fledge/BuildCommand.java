package io.volant.fledge;

import io.volant.fledge.report.BuildFailure;
import io.volant.fledge.report.ConsoleProgress;
import io.volant.fledge.report.ExitCode;
import io.volant.fledge.step.BuildInput;
import io.volant.fledge.step.BuildOrder;
import io.volant.fledge.step.BuildPlan;
import io.volant.fledge.step.Workbench;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code fledge build}. */
@Command(
    name = "build",
    description = "Builds an image and its plugin manifest from a recipe. No root needed.",
    versionProvider = Version.class,
    mixinStandardHelpOptions = true)
final class BuildCommand implements Callable<Integer> {

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      defaultValue = "fledge.toml",
      description = "The recipe (default: ${DEFAULT-VALUE}).")
  private Path recipeFile = Path.of("fledge.toml");

  @Option(
      names = {"-m", "--manifest"},
      paramLabel = "FILE",
      description =
          "The runtime defaults (default: manifest.toml beside the recipe, if it is there).")
  private @Nullable Path defaultsFile;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "OUT",
      description =
          "The folder for the image and its manifest, or a file that ends in .cpio.gz or .img as"
              + " the strategy wants it (default: the current folder).")
  private @Nullable Path output;

  @ArgGroup(exclusive = true)
  private @Nullable Loudness loudness;

  @Spec private @Nullable CommandSpec spec;

  private final Workbench workbench;

  BuildCommand(Workbench workbench) {
    this.workbench = workbench;
  }

  /** How much is printed. */
  private static final class Loudness {
    @Option(
        names = {"-v", "--verbose"},
        description = "Tell each step.")
    private boolean verbose;

    @Option(
        names = {"-q", "--quiet"},
        description = "Print nothing but mistakes.")
    private boolean quiet;
  }

  @Override
  public Integer call() {
    PrintWriter errors = Objects.requireNonNull(spec).commandLine().getErr();
    return switch (BuildInput.read(recipeFile, defaultsFile)) {
      case BuildInput.Good(var recipe, var defaults) ->
          build(BuildOrder.of(recipe, defaults, output == null ? Path.of("") : output), errors);
      case BuildInput.Refused(var mistakes) -> {
        mistakes.forEach(errors::println);
        yield ExitCode.RECIPE.number();
      }
    };
  }

  private int build(BuildOrder order, PrintWriter errors) {
    ConsoleProgress.Level level = level();
    try {
      BuildPlan.of(order, workbench).run(new ConsoleProgress(errors, level));
    } catch (BuildFailure failure) {
      failure.lines().forEach(line -> errors.println("fledge: " + line));
      return failure.code().number();
    }
    if (level != ConsoleProgress.Level.QUIET) {
      PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
      out.println(order.artifact());
      out.println(order.manifestFile());
    }
    return ExitCode.OK.number();
  }

  private ConsoleProgress.Level level() {
    if (loudness != null && loudness.verbose) {
      return ConsoleProgress.Level.VERBOSE;
    }
    return loudness != null && loudness.quiet
        ? ConsoleProgress.Level.QUIET
        : ConsoleProgress.Level.NORMAL;
  }
}
