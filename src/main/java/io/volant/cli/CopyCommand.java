package io.volant.cli;

import io.volant.cli.http.ApiBytes;
import io.volant.cli.http.ApiFailure;
import io.volant.cli.http.ApiPath;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "cp",
    description = {
      "Copies a file or tree between this machine and a VM; one of the two is NAME:/PATH.",
      "A destination that ends with / or is a folder here gets the source under its own name.",
      "Modes are kept, and so are owners, as numbers, by root."
    })
final class CopyCommand implements Callable<Integer> {

  private static final Pattern IN_VM = Pattern.compile("([A-Za-z0-9][A-Za-z0-9._-]*):(/.*)");

  private final Session session;

  @Parameters(index = "0", paramLabel = "SRC", description = "What is copied.")
  private String source = "";

  @Parameters(index = "1", paramLabel = "DST", description = "Where it is copied to.")
  private String destination = "";

  @Option(
      names = {"-L", "--follow"},
      description = "Follow a symbolic link that SRC itself is.")
  private boolean follow;

  /** A path in a VM. */
  private record InVm(String vm, String path) {

    static Optional<InVm> of(String text) {
      Matcher matcher = IN_VM.matcher(text);
      return matcher.matches()
          ? Optional.of(new InVm(matcher.group(1), matcher.group(2)))
          : Optional.empty();
    }

    ApiPath files(String path) {
      return ApiPath.of("vms", vm, "files").with("path", path);
    }
  }

  CopyCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws Exception {
    Optional<InVm> from = InVm.of(source);
    Optional<InVm> to = InVm.of(destination);
    if (from.isPresent() == to.isPresent()) {
      throw new CliFailure(
          ExitCode.USAGE, "one of SRC and DST must be NAME:/PATH, and the other a path here");
    }
    ApiBytes api = session.api().bytes();
    try {
      if (from.isPresent()) {
        fetch(api, from.get());
      } else {
        bring(api, to.orElseThrow());
      }
    } catch (IOException failure) {
      throw new CliFailure(ExitCode.FILE, reason(failure));
    }
    return ExitCode.OK.number();
  }

  private void fetch(ApiBytes api, InVm from) throws ApiFailure, IOException, CliFailure {
    Path to = Path.of(destination).toAbsolutePath().normalize();
    boolean into = Files.isDirectory(to) || destination.endsWith("/");
    Path folder = into ? to : to.getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new CliFailure(ExitCode.FILE, "there is no folder " + folder);
    }
    String newName = into ? "" : String.valueOf(to.getFileName());
    boolean root = Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
    ApiPath path = from.files(from.path());
    try (InputStream archive = api.read(follow ? path.with("follow", 1) : path)) {
      new Unpacking(folder, newName, root, this::complain).run(archive);
    }
  }

  private void bring(ApiBytes api, InVm to) throws ApiFailure, IOException, CliFailure {
    Path from = Path.of(source).toAbsolutePath().normalize();
    Path root = follow ? from.toRealPath() : from;
    if (!Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
      throw new CliFailure(ExitCode.FILE, "there is no " + source);
    }
    String path = to.path().replaceAll("/+", "/");
    int lastSlash = path.lastIndexOf('/');
    boolean into = path.endsWith("/");
    String name = into ? String.valueOf(from.getFileName()) : path.substring(lastSlash + 1);
    String folder = lastSlash == 0 ? "/" : path.substring(0, lastSlash);
    Packing packing = new Packing(root, name, this::complain);
    ApiPath put = to.files(folder);
    api.write(into ? put.with("mkdir", 1) : put, "application/x-tar", packing::run);
  }

  private void complain(String what) {
    session.terminal().complain(what);
  }

  private static String reason(IOException failure) {
    String message = failure.getMessage();
    return message == null
        ? failure.getClass().getSimpleName()
        : failure.getClass().getSimpleName() + ": " + message;
  }
}
