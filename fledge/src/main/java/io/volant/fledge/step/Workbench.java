package io.volant.fledge.step;

import io.volant.fledge.filesystem.FilesystemWriters;
import io.volant.fledge.oci.ImageFetcher;
import io.volant.fledge.tool.Tools;
import java.nio.file.Path;

/**
 * What of the host a build uses. Tests put their own here.
 *
 * @param busybox where the host's static busybox is
 * @param kestrel finds the kestrel that was built with this fledge
 * @param downloads fetches what a recipe names by URL
 * @param releases finds released kestrels
 * @param images gets container images
 * @param tools finds the host's programs
 * @param scratch the folder in which a build may have a folder of its own
 */
public record Workbench(
    Path busybox,
    KestrelSearch kestrel,
    Downloads downloads,
    Releases releases,
    Images images,
    Tools tools,
    Path scratch) {
  /** This host: busybox where its package puts it. */
  public static Workbench ofHost() {
    Downloads downloads = new Downloads();
    return new Workbench(
        Path.of("/bin/busybox"),
        KestrelSearch.ofHost(),
        downloads,
        new Releases(System.getenv(Releases.VARIABLE), downloads),
        new CachedImages(ImageFetcher.ofHost(System.getenv())),
        Tools.ofHost(),
        ScratchFolder.parentOfHost(System.getenv("TMPDIR")));
  }

  /** What writes file systems. */
  Filesystems filesystems() {
    return options -> FilesystemWriters.of(options, tools);
  }
}
