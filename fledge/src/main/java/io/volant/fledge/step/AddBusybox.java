package io.volant.fledge.step;

import io.volant.fledge.recipe.BusyboxSource;
import io.volant.fledge.report.BuildFailure;
import io.volant.fledge.report.Progress;
import io.volant.fledge.tree.Content;
import java.nio.file.Path;

/** Puts busybox at /bin/busybox, and its commands as links to it, where the image has none. */
final class AddBusybox implements BuildStep {
  private static final String PLACE = "/bin/busybox";
  private static final int PROGRAM = 0755;

  private final BusyboxSource source;
  private final Workbench workbench;

  AddBusybox(BusyboxSource source, Workbench workbench) {
    this.source = source;
    this.workbench = workbench;
  }

  @Override
  public String title() {
    return "add busybox";
  }

  @Override
  public void run(Draft draft, Progress progress) throws BuildFailure {
    byte[] program =
        switch (source) {
          case BusyboxSource.Installed _ -> installed(workbench.busybox());
          case BusyboxSource.Download download -> downloaded(download, progress);
        };
    GapFiller gaps = new GapFiller(draft.tree());
    gaps.file(PLACE, PROGRAM, Content.of(program));
    for (String applet : Applets.paths()) {
      gaps.link(applet, PLACE);
    }
  }

  private static byte[] installed(Path busybox) throws BuildFailure {
    return StaticProgram.read(
        busybox,
        "install it with: apt-get install busybox-static (or give busybox_url in [source])");
  }

  private byte[] downloaded(BusyboxSource.Download download, Progress progress)
      throws BuildFailure {
    if (download.checksum() == null) {
      progress.warning(
          "busybox_sha256 is not given, so "
              + download.url()
              + " is taken as it comes and the image may change");
    }
    byte[] program = workbench.downloads().fetch(download.url(), download.checksum());
    return StaticProgram.checked(program, download.url().toString(), "name a static busybox");
  }
}
