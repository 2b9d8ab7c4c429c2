package io.volant.adapter.linux;

import io.volant.adapter.process.CommandException;
import io.volant.adapter.process.CommandRunner;
import io.volant.network.HostNetwork;
import io.volant.network.NetworkSpec;
import io.volant.network.Subnet;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.pekko.Done;

/**
 * Bridges by way of {@code ip}, translation and forwarding by way of {@code nft}. A bridge that we
 * made carries an alias that says so; one that was there before is used and never removed.
 */
public final class LinuxHostNetwork implements HostNetwork {

  /** The table's name unless a test asks for another. */
  public static final String TABLE = "volant";

  /** What the aliases of our bridges begin with. */
  static final String ALIAS_PREFIX = "volant:";

  private static final Path IP_FORWARD = Path.of("/proc/sys/net/ipv4/ip_forward");

  private final CommandRunner commands;
  private final NftablesTable table;
  private final Executor blocking;

  /**
   * @param commands runs {@code ip} and {@code nft}
   * @param table name of our nftables table
   * @param blocking runs what waits for them
   */
  public LinuxHostNetwork(CommandRunner commands, String table, Executor blocking) {
    this.commands = commands;
    this.table = new NftablesTable(table);
    this.blocking = blocking;
  }

  @Override
  public CompletionStage<Done> ensure(NetworkSpec spec) {
    return HostChange.run(
        blocking, "cannot set up the network " + spec.name(), () -> ensureNow(spec));
  }

  @Override
  public CompletionStage<Done> remove(NetworkSpec spec) {
    return HostChange.run(
        blocking, "cannot remove the network " + spec.name(), () -> removeNow(spec));
  }

  private void ensureNow(NetworkSpec spec) throws IOException, InterruptedException {
    NetworkDevice bridge = new NetworkDevice(spec.bridge());
    Subnet subnet = Subnet.parse(spec.subnet());
    int _ = subnet.offset(spec.hostAddress()); // refuses an address from elsewhere
    Privileges.requireNetworkAdministration("setting up the bridge " + bridge.name());
    if (bridge.exists() && !bridge.isBridge()) {
      throw new CommandException(
          bridge.name() + " is there and is not a bridge: choose another name (VOLANT_BRIDGE)");
    }
    ensureBridge(spec, bridge, subnet);
    ensureForwarding();
    commands.run(List.of("nft", "-f", "-"), table.withNetwork(bridge, subnet));
  }

  private void ensureBridge(NetworkSpec spec, NetworkDevice bridge, Subnet subnet)
      throws CommandException, InterruptedException {
    StringBuilder changes = new StringBuilder();
    if (!bridge.exists()) {
      changes.append("link add name %s type bridge\n".formatted(bridge.name()));
      changes.append(
          "link set dev %s alias %s\n".formatted(bridge.name(), ALIAS_PREFIX + bridge.name()));
    }
    changes.append(
        "address replace %s/%d dev %s\n"
            .formatted(spec.hostAddress(), subnet.prefix(), bridge.name()));
    changes.append("link set dev %s up\n".formatted(bridge.name()));
    commands.run(List.of("ip", "-batch", "-"), changes.toString());
  }

  /** Turned on and never off again: we cannot know who else has come to rely on it. */
  private static void ensureForwarding() throws IOException {
    if (!Files.readString(IP_FORWARD, StandardCharsets.US_ASCII).strip().equals("1")) {
      Files.writeString(IP_FORWARD, "1\n", StandardCharsets.US_ASCII);
    }
  }

  private void removeNow(NetworkSpec spec) throws IOException, InterruptedException {
    NetworkDevice bridge = new NetworkDevice(spec.bridge());
    Subnet subnet = Subnet.parse(spec.subnet());
    Privileges.requireNetworkAdministration("removing the bridge " + bridge.name());
    commands.run(List.of("nft", "-f", "-"), table.withoutNetwork(bridge, subnet));
    if (!listTable().contains("elements = {")) {
      commands.run(List.of("nft", "-f", "-"), table.removed());
    }
    if (bridge.exists() && bridge.alias().startsWith(ALIAS_PREFIX)) {
      commands.run(List.of("ip", "link", "delete", "dev", bridge.name()), "");
    }
  }

  private String listTable() throws CommandException, InterruptedException {
    return commands.run(List.of("nft", "list", "table", "ip", table.name()), "");
  }
}
