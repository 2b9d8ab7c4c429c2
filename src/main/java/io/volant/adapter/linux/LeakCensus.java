package io.volant.adapter.linux;

import io.volant.adapter.process.CommandRunner;
import io.volant.adapter.process.ProcessTable;
import io.volant.model.VmId;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Finds everything on this host that is recognisably ours, and tells what belongs to no VM. It
 * changes nothing. It blocks: it reads all of /proc, and runs {@code nft} once.
 */
public final class LeakCensus {

  private static final String TAP_PREFIX = "vt";
  private static final int BASE_36 = 36;

  /**
   * What was found that belongs to no live VM and no live network.
   *
   * @param taps on one of our bridges or on none, named as VMs' taps are
   * @param bridges that we made
   * @param tableElements networks in our nftables table, as bridge names
   * @param processes with a file below the VMs' folder in the command line: {@code pid program}
   * @param sockets below the VMs' folder
   * @param folders of VMs; a stopped VM has one by right, so give its id among the known ones
   */
  public record Leaks(
      List<String> taps,
      List<String> bridges,
      List<String> tableElements,
      List<String> processes,
      List<String> sockets,
      List<String> folders) {

    public Leaks {
      taps = List.copyOf(taps);
      bridges = List.copyOf(bridges);
      tableElements = List.copyOf(tableElements);
      processes = List.copyOf(processes);
      sockets = List.copyOf(sockets);
      folders = List.copyOf(folders);
    }

    /** Whether nothing was left behind. */
    public boolean none() {
      return taps.isEmpty()
          && bridges.isEmpty()
          && tableElements.isEmpty()
          && processes.isEmpty()
          && sockets.isEmpty()
          && folders.isEmpty();
    }
  }

  /**
   * What is there by right.
   *
   * @param running ids of the VMs that may have a process, a tap and sockets
   * @param known ids of all VMs, running or not: they may have a folder
   * @param bridges names of the bridges of live networks
   */
  public record Expected(Set<VmId> running, Set<VmId> known, Set<String> bridges) {
    public Expected {
      running = Set.copyOf(running);
      known = Set.copyOf(known);
      bridges = Set.copyOf(bridges);
    }
  }

  private final Path vms;
  private final Set<String> ourBridges;
  private final NftablesTable table;
  private final CommandRunner commands;
  private final ProcessTable processes;

  /**
   * @param vms absolute path of {@code VOLANT_HOME/vms}
   * @param ourBridges names of the bridges that this daemon uses, also of removed networks: other
   *     daemons on the host have theirs
   * @param table name of our nftables table
   * @param commands runs {@code nft}
   */
  public LeakCensus(Path vms, Set<String> ourBridges, String table, CommandRunner commands) {
    this.vms = vms;
    this.ourBridges = Set.copyOf(ourBridges);
    this.table = new NftablesTable(table);
    this.commands = commands;
    this.processes = new ProcessTable();
  }

  /** Looks once. */
  public Leaks take(Expected expected) throws IOException, InterruptedException {
    Set<String> runningNames = new TreeSet<>();
    expected.running().forEach(vmId -> runningNames.add(vmId.toString()));
    return new Leaks(
        leakedTaps(expected),
        leakedBridges(expected),
        leakedElements(expected),
        leakedProcesses(runningNames),
        leakedSockets(runningNames),
        leakedFolders(expected));
  }

  private List<String> leakedTaps(Expected expected) throws IOException {
    List<String> leaked = new ArrayList<>();
    for (NetworkDevice device : NetworkDevice.all()) {
      if (isOurTap(device)
          && expected.running().stream().noneMatch(id -> id.tapName().equals(device.name()))) {
        leaked.add(device.name());
      }
    }
    return leaked;
  }

  private boolean isOurTap(NetworkDevice device) {
    if (!device.isTap() || !isTapName(device.name())) {
      return false;
    }
    // One that has lost its bridge was somebody's; a look at the bridges alone would miss it.
    @Nullable String master = device.master();
    return master == null || ourBridges.contains(master);
  }

  private static boolean isTapName(String name) {
    if (!name.startsWith(TAP_PREFIX)) {
      return false;
    }
    try {
      return new VmId(Long.parseLong(name.substring(TAP_PREFIX.length()), BASE_36))
          .tapName()
          .equals(name);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private List<String> leakedBridges(Expected expected) throws IOException {
    return NetworkDevice.all().stream()
        .filter(device -> ourBridges.contains(device.name()) && device.isBridge())
        .filter(device -> device.alias().startsWith(LinuxHostNetwork.ALIAS_PREFIX))
        .map(NetworkDevice::name)
        .filter(Predicate.not(expected.bridges()::contains))
        .toList();
  }

  private List<String> leakedElements(Expected expected) throws IOException, InterruptedException {
    if (!commands
        .run(List.of("nft", "list", "tables", "ip"), "")
        .lines()
        .anyMatch(("table ip " + table.name())::equals)) {
      return List.of();
    }
    String listing = commands.run(List.of("nft", "list", "set", "ip", table.name(), "bridges"), "");
    return ourBridges.stream()
        .filter(bridge -> listing.contains('"' + bridge + '"'))
        .filter(Predicate.not(expected.bridges()::contains))
        .sorted()
        .toList();
  }

  private List<String> leakedProcesses(Set<String> running) throws IOException {
    long self = ProcessHandle.current().pid();
    List<String> leaked = new ArrayList<>();
    for (ProcessTable.CommandLine process :
        processes.matching(
            words -> ownerIn(words).filter(id -> !running.contains(id)).isPresent())) {
      if (process.identity().pid() != self) {
        leaked.add(process.identity().pid() + " " + process.arguments().getFirst());
      }
    }
    return leaked;
  }

  /** The VM whose folder a command line mentions, also after {@code path=} and such. */
  private Optional<String> ownerIn(List<String> words) {
    String prefix = vms + "/";
    return words.stream()
        .filter(word -> word.contains(prefix))
        .map(word -> word.substring(word.indexOf(prefix) + prefix.length()).split("[/,]", 2)[0])
        .findFirst();
  }

  private List<String> leakedSockets(Set<String> running) throws IOException {
    List<String> leaked = new ArrayList<>();
    for (Path folder : entries(vms)) {
      if (!running.contains(String.valueOf(folder.getFileName())) && Files.isDirectory(folder)) {
        for (Path entry : entries(folder)) {
          if (entry.toString().endsWith(".sock")) {
            leaked.add(entry.toString());
          }
        }
      }
    }
    return leaked;
  }

  private List<String> leakedFolders(Expected expected) throws IOException {
    Set<String> known = new TreeSet<>();
    expected.known().forEach(vmId -> known.add(vmId.toString()));
    return entries(vms).stream()
        .filter(folder -> !known.contains(String.valueOf(folder.getFileName())))
        .map(Path::toString)
        .toList();
  }

  private static List<Path> entries(Path folder) throws IOException {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      entries.forEach(found::add);
    } catch (NoSuchFileException e) {
      return List.of();
    }
    found.sort(null);
    return found;
  }
}
