package io.volant.fledge.oci;

import io.volant.fledge.report.BuildFailure;
import io.volant.fledge.report.Progress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Brings images into the cache, wherever they are. Everything is checked by its digest before it
 * counts as there. May be used by several builds at once.
 */
public final class ImageFetcher {
  private final ImageCache cache;
  private final Logins logins;
  private final RegistryTiming timing;
  private final LayerLimits limits;
  private final Platform platform;
  private final SavedImages saved;

  ImageFetcher(
      ImageCache cache,
      Logins logins,
      RegistryTiming timing,
      LayerLimits limits,
      Platform platform,
      SavedImages saved) {
    this.cache = cache;
    this.logins = logins;
    this.timing = timing;
    this.limits = limits;
    this.platform = platform;
    this.saved = saved;
  }

  /**
   * With the user's cache ({@code FLEDGE_CACHE}, else {@code fledge} in {@code XDG_CACHE_HOME} or
   * {@code ~/.cache}) and the user's logins as docker and podman keep them.
   */
  public static ImageFetcher ofHost(Map<String, String> environment) {
    return new ImageFetcher(
        ImageCache.ofHost(environment),
        Logins.ofHost(environment),
        RegistryTiming.DEFAULT,
        LayerLimits.DEFAULT,
        Platform.ofHost(),
        SavedImages.ofHost());
  }

  /** With a cache of its own and no logins. */
  public static ImageFetcher withCache(Path folder) {
    return new ImageFetcher(
        new ImageCache(folder),
        new Logins(List.of()),
        RegistryTiming.DEFAULT,
        LayerLimits.DEFAULT,
        Platform.ofHost(),
        SavedImages.ofHost());
  }

  /**
   * The image for this machine's platform, once all of it is in the cache. An interrupt ends it.
   *
   * @throws BuildFailure with one line that says what is missing, wrong or not allowed
   */
  public FetchedImage fetch(ImageReference reference, Progress progress) throws BuildFailure {
    cache.prepare();
    return switch (reference) {
      case ImageReference.Registry registry -> fromRegistry(registry, progress);
      case ImageReference.Layout layout -> {
        LayoutBlobs blobs = new LayoutBlobs(layout.folder());
        ImageResolver resolver = new ImageResolver(layout.written(), blobs, platform);
        yield layers(progress).fetch(resolver.resolve(blobs.top(layout.tag())));
      }
      case ImageReference.Archive archive -> fromArchive(archive, progress);
      case ImageReference.Daemon daemon ->
          saved.with(daemon, cache, limits, progress, this::fromArchive);
    };
  }

  private LayerFetch layers(Progress progress) {
    return new LayerFetch(cache, limits, progress);
  }

  private FetchedImage fromRegistry(ImageReference.Registry registry, Progress progress)
      throws BuildFailure {
    try (RegistryClient client = new RegistryClient(registry.name(), logins, timing)) {
      RegistryBlobs blobs = new RegistryBlobs(client, cache, progress);
      byte[] top = blobs.top(registry.name(), "the manifest of " + registry);
      ImageResolver resolver = new ImageResolver(registry.written(), blobs, platform);
      return layers(progress).fetch(resolver.resolve(top));
    }
  }

  private FetchedImage fromArchive(ImageReference.Archive archive, Progress progress)
      throws BuildFailure {
    try (ArchivedImages images = ArchivedImages.open(archive, cache, limits)) {
      return layers(progress).fetch(images.plan(archive.tag(), platform));
    }
  }
}
