package io.volant.fledge.step;

import io.volant.fledge.report.BuildFailure;
import io.volant.fledge.report.ExitCode;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the kestrel that was built with this fledge: the file that {@code FLEDGE_KESTREL} names;
 * else {@code libexec/kestrel} of the distribution or {@code kestrel/build/kestrel} of the
 * repository around fledge's own code.
 */
public final class KestrelSearch {
  static final String VARIABLE = "FLEDGE_KESTREL";

  /** From target/volant/lib/volant.jar the repository is four folders up; one more does no harm. */
  private static final int FOLDERS_UP_MAX = 5;

  private final @Nullable String named;
  private final Path code;

  /**
   * @param named the value of the variable, if it is set
   * @param code the jar or folder that fledge's classes are in
   */
  public KestrelSearch(@Nullable String named, Path code) {
    this.named = named;
    this.code = code;
  }

  /** By this process's environment and code. */
  public static KestrelSearch ofHost() {
    try {
      var location = KestrelSearch.class.getProtectionDomain().getCodeSource().getLocation();
      return new KestrelSearch(System.getenv(VARIABLE), Path.of(location.toURI()));
    } catch (URISyntaxException impossible) {
      throw new IllegalStateException("the place of fledge's own code is not a path", impossible);
    }
  }

  /** The file; the caller reads it. */
  Path find() throws BuildFailure {
    if (named != null && !named.isEmpty()) {
      return Path.of(named);
    }
    List<Path> candidates = candidates();
    for (Path candidate : candidates) {
      if (Files.isRegularFile(candidate)) {
        return candidate;
      }
    }
    throw new BuildFailure(
        ExitCode.INPUT,
        "kestrel is not built; run: make kestrel (or set "
            + VARIABLE
            + ", or name one in [agent]). Looked in "
            + code.getParent()
            + " and the folders above it");
  }

  private List<Path> candidates() {
    List<Path> candidates = new ArrayList<>();
    Path folder = code.toAbsolutePath().getParent();
    for (int i = 0; i < FOLDERS_UP_MAX && folder != null; i++) {
      candidates.add(folder.resolve("libexec/kestrel"));
      candidates.add(folder.resolve("kestrel/build/kestrel"));
      folder = folder.getParent();
    }
    return candidates;
  }
}
