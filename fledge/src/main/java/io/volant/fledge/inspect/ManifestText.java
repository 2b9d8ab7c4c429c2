package io.volant.fledge.inspect;

import io.volant.fledge.report.BuildFailure;
import io.volant.fledge.report.ExitCode;
import io.volant.manifest.ManifestProblem;
import io.volant.manifest.ManifestReader;
import io.volant.manifest.ManifestResult;
import io.volant.manifest.PluginManifest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads a manifest that is to be inspected. */
public final class ManifestText {
  private static final int BYTES_MAX = 1024 * 1024;

  private ManifestText() {}

  /** The manifest; a failure has one line a problem. */
  public static PluginManifest read(Path file) throws BuildFailure {
    try (InputStream input = Files.newInputStream(file)) {
      return switch (new ManifestReader().read(input.readNBytes(BYTES_MAX + 1))) {
        case ManifestResult.Valid(var manifest) -> manifest;
        case ManifestResult.Invalid(var problems) ->
            throw new BuildFailure(
                ExitCode.RECIPE,
                problems.stream()
                    .map(ManifestProblem::toString)
                    .map(line -> file + ": " + line)
                    .toList());
      };
    } catch (IOException failure) {
      throw new BuildFailure(ExitCode.INPUT, file + " cannot be read: " + failure.getMessage());
    }
  }
}
