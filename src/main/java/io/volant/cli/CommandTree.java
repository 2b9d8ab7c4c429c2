package io.volant.cli;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * Which commands there are. Only those that the arguments mention are built: picocli reads a
 * command's annotations by reflection, and reading all of them takes longer than a whole {@code
 * volar vms list} may.
 */
final class CommandTree {

  @Command(name = "volar", description = "Runs workloads in microVMs, through the daemon volantd.")
  private static final class Root {}

  @Command(name = "vms", aliases = "vm", description = "Creates, shows and changes VMs.")
  private static final class Vms {}

  @Command(name = "config", description = "Shows and changes what a VM is to be.")
  private static final class Configs {}

  @Command(
      name = "plugins",
      aliases = "plugin",
      description = "Installs and shows what VMs are made from.")
  private static final class Plugins {}

  @Command(
      name = "deployments",
      aliases = "deployment",
      description = "Keeps so many VMs of one config, and moves them to another.")
  private static final class Deployments {}

  @Command(
      name = "rollout",
      description = "Tells how the move to another config goes, or goes back.")
  private static final class Rollout {}

  /**
   * A command that can be built.
   *
   * @param names its name and aliases
   */
  private record Branch(Set<String> names, Function<Session, Object> command, List<Branch> below) {

    static Branch leaf(Function<Session, Object> command, String... names) {
      return new Branch(Set.of(names), command, List.of());
    }

    CommandLine build(Session session, Set<String> words) {
      CommandLine built = new CommandLine(command.apply(session));
      mentioned(below, words).forEach(branch -> built.addSubcommand(branch.build(session, words)));
      return built;
    }

    /**
     * Those that the words name; all if they name none, for a help text or a good error message.
     */
    private static List<Branch> mentioned(List<Branch> branches, Set<String> words) {
      List<Branch> named =
          branches.stream().filter(b -> b.names.stream().anyMatch(words::contains)).toList();
      return named.isEmpty() ? branches : named;
    }
  }

  private static final Branch TREE =
      new Branch(
          Set.of("volar"),
          _ -> new Root(),
          List.of(
              new Branch(
                  Set.of("vms", "vm"),
                  _ -> new Vms(),
                  List.of(
                      Branch.leaf(VmCreate::new, "create"),
                      Branch.leaf(VmList::new, "list", "ls"),
                      Branch.leaf(VmGet::new, "get"),
                      Branch.leaf(VmStart::new, "start"),
                      Branch.leaf(VmStop::new, "stop"),
                      Branch.leaf(VmRestart::new, "restart"),
                      Branch.leaf(VmDelete::new, "delete", "rm"),
                      Branch.leaf(VmScale::new, "scale"),
                      new Branch(
                          Set.of("config"),
                          _ -> new Configs(),
                          List.of(
                              Branch.leaf(VmConfigGet::new, "get"),
                              Branch.leaf(VmConfigSet::new, "set"),
                              Branch.leaf(VmConfigHistory::new, "history"))),
                      Branch.leaf(VmLogs::new, "logs"),
                      Branch.leaf(VmConsole::new, "console"),
                      Branch.leaf(PortForward::new, "port-forward"),
                      Branch.leaf(VmTimeline::new, "timeline"),
                      Branch.leaf(VmWhy::new, "why"),
                      Branch.leaf(VmOperations::new, "operations"),
                      Branch.leaf(VmCall::new, "call"))),
              new Branch(
                  Set.of("plugins", "plugin"),
                  _ -> new Plugins(),
                  List.of(
                      Branch.leaf(PluginInstall::new, "install"),
                      Branch.leaf(PluginList::new, "list", "ls"),
                      Branch.leaf(PluginShow::new, "show"),
                      Branch.leaf(PluginRemove::new, "remove", "rm"),
                      Branch.leaf(PluginEnable::new, "enable"),
                      Branch.leaf(PluginDisable::new, "disable"))),
              new Branch(
                  Set.of("deployments", "deployment"),
                  _ -> new Deployments(),
                  List.of(
                      Branch.leaf(DeploymentCreate::new, "create"),
                      Branch.leaf(DeploymentList::new, "list", "ls"),
                      Branch.leaf(DeploymentGet::new, "get"),
                      Branch.leaf(DeploymentScale::new, "scale"),
                      Branch.leaf(DeploymentUpdate::new, "update"),
                      new Branch(
                          Set.of("rollout"),
                          _ -> new Rollout(),
                          List.of(
                              Branch.leaf(DeploymentRolloutStatus::new, "status"),
                              Branch.leaf(DeploymentRollback::new, "rollback"))),
                      Branch.leaf(DeploymentRollback::new, "rollback"),
                      Branch.leaf(DeploymentDelete::new, "delete", "rm"))),
              Branch.leaf(ExecCommand::new, "exec"),
              Branch.leaf(CopyCommand::new, "cp"),
              Branch.leaf(PortForward::new, "port-forward"),
              Branch.leaf(VmLogs::new, "logs"),
              Branch.leaf(VmConsole::new, "console"),
              Branch.leaf(EventsCommand::new, "events"),
              Branch.leaf(VmWhy::new, "why"),
              Branch.leaf(VmTimeline::new, "timeline"),
              Branch.leaf(Top::new, "top"),
              Branch.leaf(Doctor::new, "doctor"),
              Branch.leaf(Completion::new, "completion"),
              Branch.leaf(VersionCommand::new, "version")));

  private CommandTree() {}

  /** All commands, whatever was asked for. */
  static CommandLine whole(Session session) {
    return build(session, "--help");
  }

  static CommandLine build(Session session, String... arguments) {
    Set<String> words = new HashSet<>(Arrays.asList(arguments));
    boolean help = words.contains("-h") || words.contains("--help");
    CommandLine root = TREE.build(session, help ? Set.of() : words);
    root.addMixin("global", session.options());
    return root;
  }
}
