package io.volant.fledge.oci;

import io.volant.fledge.report.BuildFailure;
import io.volant.fledge.report.ExitCode;
import io.volant.fledge.report.OneLine;
import io.volant.fledge.report.Progress;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Takes all layers of an image into the cache, some at a time. */
final class LayerFetch {
  private static final int AT_ONCE = 4;
  private static final int STOP_TIMEOUT_S = 30;

  private final ImageCache cache;
  private final LayerLimits limits;
  private final Progress progress;

  LayerFetch(ImageCache cache, LayerLimits limits, Progress progress) {
    this.cache = cache;
    this.limits = limits;
    this.progress = progress;
  }

  /** The image once all of it is there. After a failure or an interrupt nothing goes on. */
  FetchedImage fetch(ImagePlan image) throws BuildFailure {
    checkLimits(image);
    takeAll(missing(image));
    List<LayerFile> files = new ArrayList<>();
    for (LayerPlan layer : image.layers()) {
      files.add(new LayerFile(layer.name(), cache.layer(layer.diffId())));
    }
    return new FetchedImage(image.reference(), image.digest(), image.config(), files);
  }

  private void checkLimits(ImagePlan image) throws BuildFailure {
    if (image.layers().size() > limits.layers()) {
      throw refused(
          image, "has " + image.layers().size() + " layers; " + limits.layers() + " are allowed");
    }
    long left = limits.downloadBytes();
    for (LayerPlan layer : image.layers()) {
      left -= Math.clamp(layer.sizeBytes(), 0, limits.downloadBytes() + 1);
      if (left < 0) {
        throw refused(
            image, "has layers of more than " + limits.downloadBytes() + " bytes together");
      }
    }
  }

  private static BuildFailure refused(ImagePlan image, String why) {
    return new BuildFailure(ExitCode.INPUT, OneLine.of(image.reference() + " " + why));
  }

  /** What the cache does not have, each once; an image may have a layer twice. */
  private List<Callable<Void>> missing(ImagePlan image) {
    LayerIntake intake = new LayerIntake(cache, limits);
    List<Callable<Void>> tasks = new ArrayList<>();
    Set<Digest> seen = new HashSet<>();
    int number = 0;
    for (LayerPlan layer : image.layers()) {
      number++;
      String what =
          "layer " + number + " of " + image.layers().size() + " (" + shortened(layer) + ")";
      if (!seen.add(layer.diffId())) {
        continue;
      }
      if (Files.exists(cache.layer(layer.diffId()))) {
        progress.detail(what + " is in the cache");
        continue;
      }
      tasks.add(() -> {
        try (Progress.Meter meter = progress.meter(what, layer.sizeBytes())) {
          intake.take(layer, meter);
        }
        return null;
      });
    }
    return tasks;
  }

  private static String shortened(LayerPlan layer) {
    return (layer.digest() == null ? layer.diffId() : layer.digest()).shortened();
  }

  private static void takeAll(List<Callable<Void>> tasks) throws BuildFailure {
    if (tasks.isEmpty()) {
      return;
    }
    ExecutorService threads = Executors.newFixedThreadPool(Math.min(AT_ONCE, tasks.size()));
    try {
      ExecutorCompletionService<Void> done = new ExecutorCompletionService<>(threads);
      tasks.forEach(done::submit);
      for (int i = 0; i < tasks.size(); i++) {
        done.take().get();
      }
    } catch (ExecutionException failure) {
      if (failure.getCause() instanceof BuildFailure known) {
        throw known;
      }
      throw new IllegalStateException("a layer could not be taken", failure.getCause());
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new BuildFailure(ExitCode.DOWNLOAD, "the build was stopped while it fetched layers");
    } finally {
      stop(threads);
    }
  }

  /** The temporary files of what still runs must be gone before the build ends. */
  private static void stop(ExecutorService threads) {
    boolean interrupted = Thread.interrupted();
    threads.shutdownNow();
    try {
      boolean ended = threads.awaitTermination(STOP_TIMEOUT_S, TimeUnit.SECONDS);
      if (!ended) {
        throw new IllegalStateException("a layer's download does not stop");
      }
    } catch (InterruptedException again) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
