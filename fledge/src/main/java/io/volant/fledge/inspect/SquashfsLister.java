package io.volant.fledge.inspect;

import io.volant.fledge.report.BuildFailure;
import io.volant.fledge.report.ExitCode;
import io.volant.fledge.tool.Tools;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lets {@code unsquashfs} list a squashfs. */
final class SquashfsLister implements Lister {
  private static final String ROOT = "squashfs-root";
  private static final Duration LIMIT = Duration.ofMinutes(5);
  private static final Pattern LINE =
      Pattern.compile(
          "([-dlcbps][-rwxsStT]{9}) (\\d{1,10})/(\\d{1,10}) +(\\d{1,18}|\\d+, *\\d+)"
              + " \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d "
              + ROOT
              + "(/.*)?");

  @Override
  public void list(Path artifact, Consumer<ListedFile> files) throws BuildFailure {
    AtomicInteger count = new AtomicInteger();
    Tools.ofHost()
        .find("unsquashfs", "squashfs-tools")
        .call("-lln", artifact.toAbsolutePath().toString())
        .eachLine(line -> {
          Matcher found = LINE.matcher(line);
          if (found.matches() && count.incrementAndGet() <= FILES_MAX) {
            files.accept(file(found));
          }
        })
        .within(LIMIT)
        .run(ExitCode.INPUT);
    if (count.get() > FILES_MAX) {
      throw new BuildFailure(
          ExitCode.INPUT, artifact + " has more than " + FILES_MAX + " files; listing stops");
    }
  }

  private static ListedFile file(Matcher found) {
    String mode = found.group(1);
    ListedFile.Kind kind = ListedFile.Kind.ofLetter(mode.charAt(0));
    String path = found.group(5) == null ? "/" : found.group(5);
    String target = null;
    if (kind == ListedFile.Kind.LINK) {
      int arrow = path.indexOf(" -> ");
      target = arrow < 0 ? null : path.substring(arrow + 4);
      path = arrow < 0 ? path : path.substring(0, arrow);
    }
    boolean isDevice = found.group(4).indexOf(',') >= 0;
    boolean hasContent = kind == ListedFile.Kind.FILE || kind == ListedFile.Kind.LINK;
    return new ListedFile(
        path,
        kind,
        ListedFile.modeOf(mode),
        Long.parseLong(found.group(2)),
        Long.parseLong(found.group(3)),
        isDevice || !hasContent ? 0 : Long.parseLong(found.group(4)),
        target);
  }
}
