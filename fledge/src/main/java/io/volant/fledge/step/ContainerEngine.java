package io.volant.fledge.step;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.volant.fledge.recipe.ImageSource;
import io.volant.fledge.report.BuildFailure;
import io.volant.fledge.report.ExitCode;
import io.volant.fledge.report.Progress;
import io.volant.fledge.tool.Tool;
import io.volant.fledge.tool.Tools;
import io.volant.fledge.tree.Attributes;
import io.volant.fledge.tree.Sha256;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A program that builds Dockerfiles. All of them run on this machine, and none is part of fledge.
 */
sealed interface ContainerEngine {
  /** Everything in the image has this time, so that two builds give the same image. */
  String TIMESTAMP = Long.toString(Attributes.FIXED_TIME_S);

  /** The name of the image in a store of its own. */
  String TAG = "fledge-build";

  /** How long a store may take to be emptied. */
  Duration EMPTYING = Duration.ofSeconds(15);

  /** What people call it. */
  String name();

  /**
   * Builds the Dockerfile.
   *
   * @param scratch an empty folder
   * @return where the image is, as a recipe writes it: {@code oci:…} or {@code docker-archive:…}
   */
  String build(ImageSource.Dockerfile dockerfile, Path scratch, Progress progress)
      throws BuildFailure;

  /**
   * The first that is there: buildctl when there is a BuildKit to talk to, buildah, docker, podman.
   *
   * @param buildkitHost the value of {@code BUILDKIT_HOST}, if it is set
   */
  static ContainerEngine of(Tools tools, @Nullable String buildkitHost) throws BuildFailure {
    if (buildkitHost != null && !buildkitHost.isEmpty() && tools.has("buildctl")) {
      return new BuildKit(tools.find("buildctl", "buildkit"));
    }
    if (tools.has("buildah")) {
      return new Buildah(tools.find("buildah", "buildah"));
    }
    for (String name : List.of("docker", "podman")) {
      if (tools.has(name)) {
        return new Docker(tools.find(name, name));
      }
    }
    throw new BuildFailure(
        ExitCode.INPUT,
        "a Dockerfile needs buildah, docker, podman or a BuildKit (buildctl and BUILDKIT_HOST), and"
            + " none is there; install one with: apt-get install buildah");
  }

  /** {@code buildctl}, which talks to the BuildKit that {@code BUILDKIT_HOST} names. */
  record BuildKit(Tool tool) implements ContainerEngine {
    @Override
    public String name() {
      return "buildctl";
    }

    @Override
    public String build(ImageSource.Dockerfile dockerfile, Path scratch, Progress progress)
        throws BuildFailure {
      Path layout = scratch.resolve("layout");
      List<String> arguments =
          new ArrayList<>(
              List.of(
                  "build",
                  "--progress=plain",
                  "--frontend=dockerfile.v0",
                  "--local=context=" + dockerfile.context(),
                  "--local=dockerfile=" + dockerfile.file().getParent(),
                  "--opt=filename=" + dockerfile.file().getFileName(),
                  "--opt=build-arg:SOURCE_DATE_EPOCH=" + TIMESTAMP));
      if (dockerfile.target() != null) {
        arguments.add("--opt=target=" + dockerfile.target());
      }
      dockerfile
          .arguments()
          .forEach((name, value) -> arguments.add("--opt=build-arg:" + name + "=" + value));
      // Quoted as a CSV field, because a folder's name may have a comma in it.
      arguments.add("--output=type=oci,tar=false,rewrite-timestamp=true,\"dest=" + layout + "\"");
      tool.call(arguments).eachLine(progress::detail).run(ExitCode.INPUT);
      return "oci:" + layout;
    }
  }

  /** {@code buildah}, with a store of its own in scratch, so that nothing stays on the host. */
  record Buildah(Tool tool) implements ContainerEngine {
    @Override
    public String name() {
      return "buildah";
    }

    @Override
    public String build(ImageSource.Dockerfile dockerfile, Path scratch, Progress progress)
        throws BuildFailure {
      Path layout = scratch.resolve("layout");
      List<String> store =
          List.of(
              "--root=" + scratch.resolve("store"),
              "--runroot=" + scratch.resolve("run"),
              "--storage-driver=vfs");
      List<String> arguments =
          new ArrayList<>(
              List.of(
                  "build",
                  "--isolation=chroot",
                  "--layers=false",
                  "--timestamp=" + TIMESTAMP,
                  "--tag=" + TAG,
                  "--file=" + dockerfile.file()));
      addStageAndArguments(dockerfile, arguments);
      arguments.add(dockerfile.context().toString());
      try {
        call(store, arguments, progress);
        call(store, List.of("push", TAG, "oci:" + layout), progress);
      } finally {
        empty(store, progress);
      }
      return "oci:" + layout;
    }

    private void call(List<String> store, List<String> arguments, Progress progress)
        throws BuildFailure {
      List<String> all = new ArrayList<>(store);
      all.addAll(arguments);
      tool.call(all).eachLine(progress::detail).run(ExitCode.INPUT);
    }

    // Without root the store has files of other users, which only buildah can remove; it does so
    // even when the build is stopped.
    private void empty(List<String> store, Progress progress) {
      if (System.getProperty("user.name").equals("root")) {
        return;
      }
      boolean isStopped = Thread.interrupted();
      try {
        List<String> all = new ArrayList<>(store);
        all.addAll(List.of("rmi", "--all", "--force"));
        tool.call(all).eachLine(progress::detail).within(EMPTYING).run(ExitCode.INPUT);
      } catch (BuildFailure failure) {
        progress.detail("the store in scratch is not empty: " + failure.getMessage());
      } finally {
        if (isStopped) {
          Thread.currentThread().interrupt();
        }
      }
    }
  }

  /** {@code docker} or {@code podman}: their image goes away again once it is saved. */
  record Docker(Tool tool) implements ContainerEngine {
    @Override
    public String name() {
      return tool.name();
    }

    @Override
    public String build(ImageSource.Dockerfile dockerfile, Path scratch, Progress progress)
        throws BuildFailure {
      // Two builds at once must not take each other's image.
      String tag = TAG + "-" + Sha256.of(scratch.toString().getBytes(UTF_8)).substring(0, 12);
      Path archive = scratch.resolve("image.tar");
      List<String> arguments =
          new ArrayList<>(List.of("build", "--tag", tag, "--file", dockerfile.file().toString()));
      addStageAndArguments(dockerfile, arguments);
      arguments.add(dockerfile.context().toString());
      tool.call(arguments)
          .with("SOURCE_DATE_EPOCH", TIMESTAMP)
          .eachLine(progress::detail)
          .run(ExitCode.INPUT);
      try {
        tool.call("save", "--output", archive.toString(), tag)
            .eachLine(progress::detail)
            .run(ExitCode.INPUT);
      } finally {
        tool.call("rmi", tag).eachLine(progress::detail).run(ExitCode.INPUT);
      }
      return "docker-archive:" + archive;
    }
  }

  private static void addStageAndArguments(
      ImageSource.Dockerfile dockerfile, List<String> arguments) {
    if (dockerfile.target() != null) {
      arguments.add("--target=" + dockerfile.target());
    }
    dockerfile
        .arguments()
        .forEach((name, value) -> arguments.add("--build-arg=" + name + "=" + value));
  }
}
