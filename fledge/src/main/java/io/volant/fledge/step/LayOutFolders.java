package io.volant.fledge.step;

import io.volant.fledge.report.BuildFailure;
import io.volant.fledge.report.Progress;
import io.volant.fledge.tree.Content;

/**
 * Puts the folders that every Linux program expects, and the two account files, where the image has
 * none.
 */
final class LayOutFolders implements BuildStep {
  private static final String[] FOLDERS = {
    "/bin",
    "/dev",
    "/etc",
    "/home",
    "/lib",
    "/mnt",
    "/opt",
    "/proc",
    "/run",
    "/sbin",
    "/srv",
    "/sys",
    "/usr/bin",
    "/usr/lib",
    "/usr/local/bin",
    "/usr/sbin",
    "/usr/share",
    "/var/cache",
    "/var/lib",
    "/var/log",
    "/var/spool"
  };
  private static final int OPEN_TO_ALL = 0755;
  private static final int PRIVATE = 0700;
  private static final int SHARED_SCRATCH = 01777;
  private static final int READABLE = 0644;

  private static final String PASSWD =
      """
      root:x:0:0:root:/root:/bin/sh
      nobody:x:65534:65534:nobody:/:/bin/false
      """;
  private static final String GROUP =
      """
      root:x:0:
      nogroup:x:65534:
      """;

  @Override
  public String title() {
    return "lay out folders";
  }

  @Override
  public void run(Draft draft, Progress progress) throws BuildFailure {
    GapFiller gaps = new GapFiller(draft.tree());
    for (String folder : FOLDERS) {
      gaps.folder(folder, OPEN_TO_ALL);
    }
    gaps.folder("/root", PRIVATE);
    gaps.folder("/tmp", SHARED_SCRATCH);
    gaps.folder("/var/tmp", SHARED_SCRATCH);
    gaps.link("/var/run", "/run");
    gaps.file("/etc/passwd", READABLE, Content.of(PASSWD));
    gaps.file("/etc/group", READABLE, Content.of(GROUP));
  }
}
