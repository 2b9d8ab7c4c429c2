package io.volant.fledge.oci;

import io.volant.fledge.report.BuildFailure;
import io.volant.fledge.report.ExitCode;
import io.volant.fledge.report.OneLine;
import io.volant.fledge.report.Progress;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The images of this machine's docker or podman, by their command {@code save}. */
final class SavedImages {
  private static final Duration TIMEOUT = Duration.ofMinutes(30);
  private static final int LOOK_EVERY_MS = 100;
  private static final int COMPLAINT_BYTES_MAX = 4096;

  private final List<String> programs;

  /** With programs to try in this order. */
  SavedImages(List<String> programs) {
    this.programs = List.copyOf(programs);
  }

  static SavedImages ofHost() {
    return new SavedImages(List.of("docker", "podman"));
  }

  /** What to do with the archive while it is there. */
  interface Use {
    FetchedImage of(ImageReference.Archive archive, Progress progress) throws BuildFailure;
  }

  /** Saves the image, uses the archive and removes it. */
  FetchedImage with(
      ImageReference.Daemon image, ImageCache cache, LayerLimits limits, Progress progress, Use use)
      throws BuildFailure {
    try (TemporaryFile archive = cache.temporary();
        TemporaryFile complaints = cache.temporary()) {
      save(image, archive, complaints, limits, progress);
      return use.of(new ImageReference.Archive(image.written(), archive.path(), null), progress);
    } catch (IOException failure) {
      throw cache.failure(failure);
    }
  }

  private void save(
      ImageReference.Daemon image,
      TemporaryFile archive,
      TemporaryFile complaints,
      LayerLimits limits,
      Progress progress)
      throws BuildFailure, IOException {
    Process process = null;
    String started = "";
    for (String program : programs) {
      if (process == null) {
        process = start(program, image.name(), archive, complaints);
        started = program;
      }
    }
    if (process == null) {
      throw failure(
          image, "needs docker or podman, and neither is installed: apt-get install podman");
    }
    try (Progress.Meter meter = progress.meter(started + " save " + image.name(), -1)) {
      watch(process, image, archive, limits, meter);
      if (process.exitValue() != 0) {
        throw failure(image, "cannot be had from " + started + ": " + firstLine(complaints));
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw failure(image, "was not fetched: the build was stopped");
    } finally {
      process.destroyForcibly();
    }
  }

  private static @Nullable Process start(
      String program, String name, TemporaryFile archive, TemporaryFile complaints) {
    try {
      return new ProcessBuilder(program, "save", name)
          .redirectOutput(archive.path().toFile())
          .redirectError(complaints.path().toFile())
          .start();
    } catch (IOException notThere) {
      return null;
    }
  }

  private static void watch(
      Process process,
      ImageReference.Daemon image,
      TemporaryFile archive,
      LayerLimits limits,
      Progress.Meter meter)
      throws InterruptedException, IOException, BuildFailure {
    long start = System.nanoTime();
    long before = 0;
    boolean ended = false;
    while (!ended) {
      ended = process.waitFor(LOOK_EVERY_MS, TimeUnit.MILLISECONDS);
      long now = Files.size(archive.path());
      meter.advance(now - before);
      before = now;
      if (now > limits.unpackedBytes()) {
        throw failure(image, "is larger than " + limits.unpackedBytes() + " bytes");
      }
      if (System.nanoTime() - start > TIMEOUT.toNanos()) {
        throw failure(image, "was not saved within " + TIMEOUT.toMinutes() + " minutes");
      }
    }
  }

  private static String firstLine(TemporaryFile complaints) throws IOException {
    try (InputStream input = Files.newInputStream(complaints.path())) {
      String text = new String(input.readNBytes(COMPLAINT_BYTES_MAX), StandardCharsets.UTF_8);
      return text.isBlank() ? "it gives no reason" : text.strip().lines().findFirst().orElse("");
    }
  }

  private static BuildFailure failure(ImageReference.Daemon image, String what) {
    return new BuildFailure(ExitCode.INPUT, OneLine.of(image.written() + " " + what));
  }
}
