package io.volant.fledge.oci;

import io.volant.fledge.report.BuildFailure;
import io.volant.fledge.report.ExitCode;
import io.volant.fledge.report.OneLine;
import io.volant.fledge.report.Progress;
import io.volant.fledge.tree.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Takes layers into the cache, each in one pass: it is summed up, kept, decompressed, and summed up
 * again while it comes. Both digests must be right before anything has its final name.
 */
final class LayerIntake {
  private static final int BUFFER_BYTES = 256 * 1024;

  private final ImageCache cache;
  private final LayerLimits limits;
  private final AtomicLong unpackedBytes = new AtomicLong();

  /** For the layers of one image: what they have together is limited. */
  LayerIntake(ImageCache cache, LayerLimits limits) {
    this.cache = cache;
    this.limits = limits;
  }

  /** Takes one layer. Safe for several threads. */
  void take(LayerPlan plan, Progress.Meter meter) throws BuildFailure {
    try (TemporaryFile unpacked = cache.temporary();
        TemporaryFile compressed = cache.temporary()) {
      Digest diffId = receive(plan, unpacked, compressed, meter);
      if (!diffId.equals(plan.diffId())) {
        throw refused(
            plan, "has the diff id " + diffId + ", its configuration says " + plan.diffId());
      }
      if (plan.kept() && plan.digest() != null) {
        compressed.moveTo(cache.blob(plan.digest()));
      }
      unpacked.moveTo(cache.layer(plan.diffId()));
    } catch (IOException failure) {
      throw isStop(failure) ? stopped(plan) : cache.failure(failure);
    }
  }

  private Digest receive(
      LayerPlan plan, TemporaryFile unpacked, TemporaryFile compressed, Progress.Meter meter)
      throws BuildFailure, IOException {
    long mostBytes = plan.sizeBytes() < 0 ? limits.downloadBytes() : plan.sizeBytes();
    try (FileChannel copy = plan.kept() ? writing(compressed) : null;
        InputStream source = open(plan);
        BlobTee tee = new BlobTee(source, mostBytes, copy, meter)) {
      try {
        Digest diffId = unpack(plan, tee, unpacked);
        tee.drain();
        check(plan, tee);
        return diffId;
      } catch (CorruptLayerException corrupt) {
        // A wrong digest says more than what it leads to.
        if (tee.tooLong() || drained(tee)) {
          check(plan, tee);
        }
        throw refused(plan, String.valueOf(corrupt.getMessage()));
      } catch (IOException failure) {
        throw sourceFailure(plan, tee.sourceFailure(), failure);
      }
    }
  }

  private static boolean drained(BlobTee tee) {
    try {
      tee.drain();
      return true;
    } catch (IOException failure) {
      return tee.tooLong();
    }
  }

  private static FileChannel writing(TemporaryFile file) throws IOException {
    return FileChannel.open(file.path(), StandardOpenOption.WRITE);
  }

  private static InputStream open(LayerPlan plan) throws BuildFailure {
    try {
      return plan.source().open();
    } catch (IOException failure) {
      throw unreadable(plan, failure);
    }
  }

  private Digest unpack(LayerPlan plan, BlobTee tee, TemporaryFile target)
      throws IOException, BuildFailure {
    MessageDigest sum = Sha256.digest();
    byte[] buffer = new byte[BUFFER_BYTES];
    try (FileChannel tar = writing(target)) {
      InputStream unpacked = Decompression.of(tee);
      int count = unpacked.read(buffer, 0, buffer.length);
      while (count >= 0) {
        if (unpackedBytes.addAndGet(count) > limits.unpackedBytes()) {
          throw refused(
              plan,
              "makes the image larger than "
                  + limits.unpackedBytes()
                  + " bytes when it is unpacked, more than is allowed");
        }
        sum.update(buffer, 0, count);
        ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, count);
        while (bytes.hasRemaining()) {
          tar.write(bytes);
        }
        count = unpacked.read(buffer, 0, buffer.length);
      }
      // Later builds take it by its name alone, so a power failure must not leave a name without
      // it.
      tar.force(false);
    }
    return new Digest(Sha256.text(sum.digest()));
  }

  private static void check(LayerPlan plan, BlobTee tee) throws BuildFailure {
    if (tee.tooLong()) {
      throw refused(
          plan, "has more than the " + plan.sizeBytes() + " bytes that its manifest says");
    }
    if (plan.sizeBytes() >= 0 && tee.count() != plan.sizeBytes()) {
      throw refused(plan, "has " + tee.count() + " bytes, its manifest says " + plan.sizeBytes());
    }
    Digest digest = tee.digest();
    if (plan.digest() != null && !plan.digest().equals(digest)) {
      throw refused(plan, "came with other bytes: their digest is " + digest);
    }
  }

  /** The failure of the source if it has one; otherwise that of the cache goes on. */
  private static BuildFailure sourceFailure(
      LayerPlan plan, @Nullable IOException source, IOException failure) throws IOException {
    if (isStop(failure)) {
      return stopped(plan);
    }
    if (source == null) {
      throw failure;
    }
    return unreadable(plan, source);
  }

  private static boolean isStop(IOException failure) {
    return failure instanceof ClosedByInterruptException
        || failure instanceof InterruptedIOException;
  }

  private static BuildFailure stopped(LayerPlan plan) {
    return new BuildFailure(
        ExitCode.DOWNLOAD, "layer " + plan.name() + " was not fetched: the build was stopped");
  }

  private static BuildFailure unreadable(LayerPlan plan, IOException failure) {
    return new BuildFailure(
        ExitCode.DOWNLOAD,
        OneLine.of("layer " + plan.name() + " cannot be fetched: " + failure.getMessage()));
  }

  private static BuildFailure refused(LayerPlan plan, String why) {
    return new BuildFailure(ExitCode.DOWNLOAD, OneLine.of("layer " + plan.name() + " " + why));
  }
}
