package io.volant.fledge.step;

import io.volant.fledge.recipe.InitramfsRecipe;
import io.volant.fledge.recipe.Overlay;
import io.volant.fledge.recipe.RootfsRecipe;
import io.volant.fledge.report.BuildFailure;
import io.volant.fledge.report.ExitCode;
import io.volant.fledge.report.Progress;
import io.volant.manifest.BootChoice;
import io.volant.manifest.ImageFormat;
import io.volant.manifest.Initramfs;
import io.volant.manifest.ManifestProblem;
import io.volant.manifest.ManifestReader;
import io.volant.manifest.ManifestResult;
import io.volant.manifest.ManifestWriter;
import io.volant.manifest.PluginManifest;
import io.volant.manifest.Rootfs;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Locale;

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
    PluginManifest manifest =
        order
            .defaults()
            .manifest(
                CheckManifest.config(draft.image()),
                boot("sha256:" + draft.artifactSha256()),
                CheckManifest.lineage(draft.image()));
    byte[] document = ManifestWriter.bytes(manifest);
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

  private BootChoice boot(String checksum) {
    String url = order.artifact().toAbsolutePath().toString();
    return switch (order.recipe()) {
      case InitramfsRecipe recipe ->
          BootChoice.of(new Initramfs(url, checksum, recipe.init().manifestMode()));
      case RootfsRecipe recipe -> {
        Overlay overlay = recipe.overlay();
        // Both enums have the file systems' own names.
        ImageFormat format =
            ImageFormat.valueOf(recipe.filesystem().type().name().toUpperCase(Locale.ROOT));
        yield BootChoice.of(new Rootfs(url, checksum, format, overlay.kind(), overlay.size()));
      }
    };
  }
}
