package io.volant.fledge;

import io.volant.fledge.report.BuildFailure;
import io.volant.fledge.report.ExitCode;
import io.volant.fledge.report.Progress;
import io.volant.manifest.BootChoice;
import io.volant.manifest.Initramfs;
import io.volant.manifest.ManifestProblem;
import io.volant.manifest.ManifestReader;
import io.volant.manifest.ManifestResult;
import io.volant.manifest.ManifestWriter;
import io.volant.manifest.PluginManifest;
import java.io.IOException;
import java.nio.file.Files;

/**
 * Writes the manifest of the image under a temporary name, after it has been read as the daemon
 * will read it.
 */
final class WriteManifest implements BuildStep {
  private final BuildOrder order;

  WriteManifest(BuildOrder order) {
    this.order = order;
  }

  @Override
  public String title() {
    return "write " + order.manifestFile().getFileName();
  }

  @Override
  public void run(Draft draft, Progress progress) throws BuildFailure {
    byte[] document = ManifestWriter.bytes(manifest("sha256:" + draft.imageSha256()));
    switch (new ManifestReader().read(document)) {
      case ManifestResult.Invalid(var problems) ->
          throw new BuildFailure(
              ExitCode.RECIPE, problems.stream().map(ManifestProblem::toString).toList());
      case ManifestResult.Valid _ -> {
        // Good; written below.
      }
    }
    try {
      Files.createDirectories(order.manifestFile().toAbsolutePath().getParent());
      Files.write(draft.temporaryFor(order.manifestFile()), document);
    } catch (IOException failure) {
      throw new BuildFailure(
          ExitCode.OUTPUT, order.manifestFile() + " cannot be written: " + failure.getMessage());
    }
  }

  private PluginManifest manifest(String checksum) {
    PluginManifest manifest = order.manifest();
    Initramfs initramfs = new Initramfs(order.image().toAbsolutePath().toString(), checksum, null);
    return new PluginManifest(
        manifest.identity(),
        manifest.resources(),
        manifest.workload(),
        BootChoice.of(initramfs),
        manifest.machine(),
        manifest.service(),
        manifest.lineage());
  }
}
