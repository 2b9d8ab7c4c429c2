package io.volant.fledge;

import io.volant.fledge.recipe.Mistake;
import io.volant.fledge.report.BuildEvent;
import io.volant.fledge.report.BuildFailure;
import io.volant.fledge.report.EventJson;
import io.volant.fledge.report.EventProgress;
import io.volant.fledge.report.ExitCode;
import io.volant.fledge.report.Loudness;
import io.volant.fledge.report.Progress;
import io.volant.fledge.step.BuildInput;
import io.volant.fledge.step.BuildOrder;
import io.volant.fledge.step.BuildPlan;
import io.volant.fledge.step.BuildResult;
import io.volant.fledge.step.Workbench;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code fledge build}. */
@Command(
    name = "build",
    description =
        "Builds an image and its plugin manifest from a recipe or a Dockerfile. No root needed.",
    versionProvider = Version.class,
    mixinStandardHelpOptions = true)
final class BuildCommand implements Callable<Integer> {
  private static final Path RECIPE = Path.of("fledge.toml");

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description = "The recipe (default: fledge.toml).")
  private @Nullable Path recipeFile;

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
  private Path output = Path.of("");

  @Mixin private DockerfileOptions dockerfile = new DockerfileOptions();

  @ArgGroup(exclusive = true)
  private @Nullable Manner manner;

  @Spec private @Nullable CommandSpec spec;

  private final Workbench workbench;
  private final Screen screen;

  BuildCommand(Workbench workbench, Screen screen) {
    this.workbench = workbench;
    this.screen = screen;
  }

  /** How and how much is printed. */
  private static final class Manner {
    @Option(
        names = {"-v", "--verbose"},
        description = "Tell everything, a container build's own output too.")
    private boolean verbose;

    @Option(
        names = {"-q", "--quiet"},
        description = "Print nothing but mistakes.")
    private boolean quiet;

    @Option(
        names = "--json",
        description = "Print a JSON object a line: step, detail, warning, progress, result, error.")
    private boolean json;

    Loudness loudness() {
      if (verbose) {
        return Loudness.VERBOSE;
      }
      return quiet ? Loudness.QUIET : Loudness.NORMAL;
    }
  }

  @Override
  public Integer call() {
    dockerfile.check(recipeFile != null, command());
    return switch (input()) {
      case BuildInput.Good(var recipe, var defaults) ->
          build(BuildOrder.of(recipe, defaults, output));
      case BuildInput.Refused(var mistakes) ->
          failed(ExitCode.RECIPE, mistakes.stream().map(Mistake::toString).toList(), "");
    };
  }

  private BuildInput input() {
    Path file = dockerfile.file();
    return file == null
        ? BuildInput.read(Objects.requireNonNullElse(recipeFile, RECIPE), defaultsFile)
        : BuildInput.of(dockerfile.recipe(file), defaultsFile, file);
  }

  private int build(BuildOrder order) {
    try (StopSignal _ = StopSignal.forThisThread()) {
      BuildResult result = BuildPlan.of(order, workbench).run(progress());
      return succeeded(result);
    } catch (BuildFailure failure) {
      return failed(failure.code(), failure.lines(), "fledge: ");
    }
  }

  private Progress progress() {
    if (isJson()) {
      return new EventProgress(this::print);
    }
    Loudness loudness = manner == null ? Loudness.NORMAL : manner.loudness();
    return screen.progress(command().getErr(), loudness);
  }

  private int succeeded(BuildResult result) {
    PrintWriter out = command().getOut();
    if (isJson()) {
      print(
          new BuildEvent.Result(
              result.artifact().toString(),
              result.manifestFile().toString(),
              result.sha256(),
              result.sizeBytes()));
    } else if (manner == null || !manner.quiet) {
      out.println(result.artifact());
      out.println(result.manifestFile());
    }
    return ExitCode.OK.number();
  }

  private int failed(ExitCode code, List<String> lines, String before) {
    if (isJson()) {
      print(BuildEvent.Failed.of(code, lines));
    } else {
      lines.forEach(line -> command().getErr().println(before + line));
    }
    return code.number();
  }

  private boolean isJson() {
    return manner != null && manner.json;
  }

  private void print(BuildEvent event) {
    command().getOut().println(EventJson.line(event));
  }

  private CommandLine command() {
    return Objects.requireNonNull(spec).commandLine();
  }
}
