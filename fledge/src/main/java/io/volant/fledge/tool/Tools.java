package io.volant.fledge.tool;

import io.volant.fledge.report.BuildFailure;
import io.volant.fledge.report.ExitCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Where the host's programs are. */
public final class Tools {
  /** Where programs for disks are, which an ordinary user's PATH leaves out. */
  private static final List<String> EXTRA_FOLDERS =
      List.of("/usr/local/sbin", "/usr/sbin", "/sbin", "/usr/bin", "/bin");

  private final Set<Path> folders;

  private Tools(Set<Path> folders) {
    this.folders = folders;
  }

  /** The folders of PATH, and those of administrators' programs. */
  public static Tools ofHost() {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    return new Tools(
        Stream.concat(Stream.of(path.split(":", -1)), EXTRA_FOLDERS.stream())
            .filter(folder -> folder.startsWith("/"))
            .map(Path::of)
            .collect(LinkedHashSet::new, Set::add, Set::addAll));
  }

  /** These folders only. */
  public static Tools in(List<Path> folders) {
    return new Tools(new LinkedHashSet<>(folders));
  }

  /** Whether a program is installed. */
  public boolean has(String program) {
    return locate(program).isPresent();
  }

  /**
   * The program.
   *
   * @param debianPackage what has it, for the message
   * @throws BuildFailure if it is not installed
   */
  public Tool find(String program, String debianPackage) throws BuildFailure {
    Path file =
        locate(program)
            .orElseThrow(() ->
                new BuildFailure(
                    ExitCode.INPUT,
                    program
                        + " is not installed; install it with: apt-get install "
                        + debianPackage));
    return new Tool(program, file, folders);
  }

  private Optional<Path> locate(String program) {
    return folders.stream()
        .map(folder -> folder.resolve(program))
        .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
        .findFirst();
  }
}
