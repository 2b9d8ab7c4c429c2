package io.volant.fledge.step;

import io.volant.fledge.report.BuildFailure;
import io.volant.fledge.report.ExitCode;
import io.volant.fledge.report.OneLine;
import io.volant.fledge.report.Progress;
import io.volant.fledge.tree.FileTree;
import io.volant.fledge.tree.TreeEntry;
import java.io.IOException;
import java.io.InputStream;

/**
 * Sees to it that the kernel can start /init: that it is there, executable, and that what it needs
 * to run at all (the loader of a dynamic program, the interpreter of a script) is in the image.
 * Otherwise the boot would end with a panic that says little.
 */
final class CheckInit implements BuildStep {
  /** Where a kernel looks for the first process in an initramfs. */
  static final String PLACE = "/init";

  private static final int ANYBODY_MAY_EXECUTE = 0111;

  /** Loader names and #! lines stand near the start. */
  private static final int LOOKED_AT_BYTES = 1024 * 1024;

  @Override
  public String title() {
    return "check " + PLACE;
  }

  @Override
  public void run(Draft draft, Progress progress) throws BuildFailure {
    FileTree tree = draft.tree();
    if (!(tree.follow(PLACE) instanceof TreeEntry.File file)) {
      throw refused(
          "the image has no /init; map a program to /init in [mappings], or leave [init] none out");
    }
    if ((file.attributes().mode() & ANYBODY_MAY_EXECUTE) == 0) {
      throw refused("/init is not executable; run: chmod +x on the mapped file");
    }
    Starter starter = Starter.of(start(file));
    switch (starter) {
      case Starter.Itself _ -> progress.detail("/init needs nothing else");
      case Starter.Loader(var loader) -> need(loader, "is a dynamic program", tree, progress);
      case Starter.Interpreter(var shell) -> need(shell, "is a script", tree, progress);
      case Starter.Unknown _ ->
          throw refused("/init is neither a Linux program (ELF) nor a script that begins with #!");
    }
  }

  private static void need(String path, String kind, FileTree tree, Progress progress)
      throws BuildFailure {
    if (!path.startsWith("/") || !(tree.follow(path) instanceof TreeEntry.File)) {
      throw refused(
          "/init "
              + kind
              + " and needs "
              + OneLine.of(path)
              + ", which is not in the image; map it there, or take a static program");
    }
    progress.detail("/init needs " + OneLine.of(path) + ", which is there");
  }

  private static byte[] start(TreeEntry.File file) throws BuildFailure {
    try (InputStream content = file.content().open()) {
      return content.readNBytes(LOOKED_AT_BYTES);
    } catch (IOException failure) {
      throw refused("/init cannot be read: " + failure.getMessage());
    }
  }

  private static BuildFailure refused(String line) {
    return new BuildFailure(ExitCode.INPUT, line);
  }
}
