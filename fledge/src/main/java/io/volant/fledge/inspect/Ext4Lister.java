package io.volant.fledge.inspect;

import io.volant.fledge.report.BuildFailure;
import io.volant.fledge.report.ExitCode;
import io.volant.fledge.tool.Tool;
import io.volant.fledge.tool.Tools;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Lets {@code debugfs} list an ext4, one level of folders after the other. Folders are named by
 * their inode numbers, so no name in the image is ever part of a command.
 */
final class Ext4Lister implements Lister {
  private static final Duration LIMIT = Duration.ofMinutes(5);
  private static final long ROOT_INODE = 2;
  private static final int DEPTH_MAX = 64;
  private static final Pattern COMMAND = Pattern.compile("debugfs: +ls -p <(\\d{1,10})>.*");
  private static final Pattern LINE =
      Pattern.compile("/(\\d{1,10})/([0-7]{6})/(\\d{1,10})/(\\d{1,10})/(.*)/(\\d{0,18})/.*");

  @Override
  public void list(Path artifact, Consumer<ListedFile> files) throws BuildFailure {
    Tool debugfs = Tools.ofHost().find("debugfs", "e2fsprogs");
    Map<Long, String> level = new LinkedHashMap<>(Map.of(ROOT_INODE, ""));
    Set<Long> seen = new HashSet<>(level.keySet());
    int count = 0;
    for (int depth = 0; depth < DEPTH_MAX && !level.isEmpty(); depth++) {
      Map<Long, String> next = new LinkedHashMap<>();
      for (Found found : listLevel(debugfs, artifact, level)) {
        count++;
        if (count > FILES_MAX) {
          throw new BuildFailure(
              ExitCode.INPUT, artifact + " has more than " + FILES_MAX + " files; listing stops");
        }
        files.accept(found.file());
        boolean isFolder = found.file().kind() == ListedFile.Kind.FOLDER;
        if (isFolder && seen.add(found.inode())) {
          next.put(found.inode(), found.file().path());
        }
      }
      level = next;
    }
  }

  private static List<Found> listLevel(Tool debugfs, Path artifact, Map<Long, String> folders)
      throws BuildFailure {
    StringBuilder commands = new StringBuilder();
    folders.keySet().forEach(inode -> commands.append("ls -p <").append(inode).append(">\n"));
    LevelReader reader = new LevelReader(folders);
    debugfs
        .call("-f", "-", artifact.toAbsolutePath().toString())
        .feed(input -> input.write(commands.toString().getBytes(StandardCharsets.UTF_8)))
        .eachLine(reader::read)
        .within(LIMIT)
        .run(ExitCode.INPUT);
    return reader.found;
  }

  private record Found(long inode, ListedFile file) {}

  /** Puts the answers to the commands together with the folders that they are about. */
  private static final class LevelReader {
    private final Map<Long, String> folders;
    private final List<Found> found = new ArrayList<>();
    private @Nullable String folder;

    LevelReader(Map<Long, String> folders) {
      this.folders = folders;
    }

    synchronized void read(String line) {
      Matcher command = COMMAND.matcher(line);
      if (command.matches()) {
        folder = folders.get(Long.parseLong(command.group(1)));
        return;
      }
      Matcher entry = LINE.matcher(line);
      if (folder == null || !entry.matches() || found.size() > FILES_MAX) {
        return;
      }
      String name = entry.group(5);
      if (!name.equals(".") && !name.equals("..")) {
        found.add(new Found(Long.parseLong(entry.group(1)), file(folder + "/" + name, entry)));
      }
    }

    private static ListedFile file(String path, Matcher entry) {
      int mode = Integer.parseInt(entry.group(2), 8);
      ListedFile.Kind kind = ListedFile.Kind.ofMode(mode);
      boolean hasContent = kind == ListedFile.Kind.FILE || kind == ListedFile.Kind.LINK;
      String size = entry.group(6);
      return new ListedFile(
          path,
          kind,
          mode & 07777,
          Long.parseLong(entry.group(3)),
          Long.parseLong(entry.group(4)),
          hasContent && !size.isEmpty() ? Long.parseLong(size) : 0,
          null);
    }
  }
}
