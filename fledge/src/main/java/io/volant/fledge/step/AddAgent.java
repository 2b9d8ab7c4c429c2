package io.volant.fledge.step;

import io.volant.fledge.recipe.AgentSource;
import io.volant.fledge.report.BuildFailure;
import io.volant.fledge.report.ExitCode;
import io.volant.fledge.report.Progress;
import io.volant.fledge.tree.Content;

/** Puts kestrel at /init, where the kernel starts it as PID 1. */
final class AddAgent implements BuildStep {
  private static final String PLACE = CheckInit.PLACE;
  private static final int PROGRAM = 0755;

  private final AgentSource source;
  private final Workbench workbench;

  AddAgent(AgentSource source, Workbench workbench) {
    this.source = source;
    this.workbench = workbench;
  }

  @Override
  public String title() {
    return "add kestrel as /init";
  }

  @Override
  public void run(Draft draft, Progress progress) throws BuildFailure {
    refuseOther(draft);
    byte[] program =
        switch (source) {
          case AgentSource.Built _ -> {
            var file = workbench.kestrel().find();
            progress.detail("kestrel: " + file);
            yield StaticProgram.read(file, "build it again with: make kestrel");
          }
          case AgentSource.Release(var version) ->
              StaticProgram.checked(
                  workbench.releases().kestrel(version, progress),
                  "kestrel " + version,
                  "name another version in [agent]");
          case AgentSource.Local(var file) -> StaticProgram.read(file, "correct path in [agent]");
          case AgentSource.Download(var url, var checksum) ->
              StaticProgram.checked(
                  workbench.downloads().fetch(url, checksum),
                  url.toString(),
                  "name a static kestrel");
        };
    draft.tree().file(PLACE, PROGRAM, Content.of(program));
  }

  private static void refuseOther(Draft draft) throws BuildFailure {
    if (draft.mappedInit()) {
      throw new BuildFailure(
          ExitCode.INPUT,
          "a mapping puts something at /init, which is kestrel in the default mode; give it another"
              + " destination");
    }
    if (draft.tree().at(PLACE) != null) {
      throw new BuildFailure(
          ExitCode.INPUT,
          "the container image has an /init of its own, which is kestrel's place in an initramfs;"
              + " build it with strategy oci_rootfs");
    }
  }
}
