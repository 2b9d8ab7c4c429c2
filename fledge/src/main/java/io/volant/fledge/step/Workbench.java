package io.volant.fledge.step;

import java.nio.file.Path;

/**
 * What of the host a build uses. Tests put their own here.
 *
 * @param busybox where the host's static busybox is
 * @param kestrel finds the kestrel that was built with this fledge
 * @param downloads fetches what a recipe names by URL
 * @param releases finds released kestrels
 * @param images gets container images
 * @param filesystems writes file systems
 * @param scratch the folder in which a build may have a folder of its own
 */
public record Workbench(
    Path busybox,
    KestrelSearch kestrel,
    Downloads downloads,
    Releases releases,
    Images images,
    Filesystems filesystems,
    Path scratch) {
  /** This host: busybox where its package puts it. */
  public static Workbench ofHost() {
    Downloads downloads = new Downloads();
    return new Workbench(
        Path.of("/bin/busybox"),
        KestrelSearch.ofHost(),
        downloads,
        new Releases(System.getenv(Releases.VARIABLE), downloads),
        new NoImages(),
        _ -> {
          throw new IllegalStateException("not merged yet");
        },
        ScratchFolder.parentOfHost(System.getenv("TMPDIR")));
  }
}
