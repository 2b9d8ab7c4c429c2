package io.volant.fledge;

import io.volant.fledge.recipe.Template;
import io.volant.fledge.report.ExitCode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code fledge init}. */
@Command(
    name = "init",
    description = "Writes a recipe and a manifest.toml to begin with, with comments.",
    versionProvider = Version.class,
    mixinStandardHelpOptions = true)
final class InitCommand implements Callable<Integer> {
  @Parameters(
      arity = "0..1",
      paramLabel = "FOLDER",
      description = "Where to write them (default: the current folder).")
  private Path folder = Path.of("");

  @Option(
      names = "--strategy",
      paramLabel = "STRATEGY",
      description = "initramfs or oci_rootfs (default: initramfs, but oci_rootfs with --image).")
  private @Nullable String strategy;

  @Option(
      names = "--image",
      paramLabel = "IMAGE",
      description = "The container image to start from, such as docker://nginx:1.27.")
  private @Nullable String image;

  @Option(names = "--force", description = "Overwrite what is there.")
  private boolean isForced;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    CommandLine command = Objects.requireNonNull(spec).commandLine();
    Map<String, String> files = Template.of(chosen(command), image).files();
    List<Path> there = files.keySet().stream().map(folder::resolve).filter(Files::exists).toList();
    if (!there.isEmpty() && !isForced) {
      there.forEach(file ->
          command.getErr().println("fledge: " + file + " is there already; --force overwrites it"));
      return ExitCode.OUTPUT.number();
    }
    try {
      return write(files, command.getOut());
    } catch (IOException failure) {
      command.getErr().println("fledge: " + folder + " cannot be written to: " + failure);
      return ExitCode.OUTPUT.number();
    }
  }

  private int write(Map<String, String> files, PrintWriter out) throws IOException {
    Files.createDirectories(folder.toAbsolutePath());
    for (var file : files.entrySet()) {
      Path path = folder.resolve(file.getKey());
      Files.createDirectories(path.toAbsolutePath().getParent());
      Files.writeString(path, file.getValue());
      out.println(path);
    }
    return ExitCode.OK.number();
  }

  private Template.Strategy chosen(CommandLine command) {
    if (strategy == null) {
      return image == null ? Template.Strategy.INITRAMFS : Template.Strategy.OCI_ROOTFS;
    }
    return switch (strategy) {
      case "initramfs" -> Template.Strategy.INITRAMFS;
      case "oci_rootfs" -> Template.Strategy.OCI_ROOTFS;
      default ->
          throw new ParameterException(
              command, "--strategy must be initramfs or oci_rootfs, was " + strategy);
    };
  }
}
