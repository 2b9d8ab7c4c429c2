package io.volant.adapter.linux;

import io.volant.adapter.process.CommandException;
import io.volant.adapter.process.CommandRunner;
import io.volant.vm.Taps;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.pekko.Done;

/**
 * Taps by way of {@code ip}. What is already as wanted is seen in /sys and costs no process; what
 * is not takes one run of {@code ip -batch}.
 */
public final class LinuxTaps implements Taps {

  private final CommandRunner commands;
  private final Executor blocking;

  /**
   * @param commands runs {@code ip}
   * @param blocking runs what waits for it
   */
  public LinuxTaps(CommandRunner commands, Executor blocking) {
    this.commands = commands;
    this.blocking = blocking;
  }

  @Override
  public CompletionStage<Done> ensure(String tap, String bridge) {
    return HostChange.run(
        blocking,
        "cannot set up the tap " + tap + " on " + bridge,
        () -> ensureNow(new NetworkDevice(tap), new NetworkDevice(bridge)));
  }

  @Override
  public CompletionStage<Done> remove(String tap) {
    return HostChange.run(
        blocking, "cannot remove the tap " + tap, () -> removeNow(new NetworkDevice(tap)));
  }

  private void ensureNow(NetworkDevice tap, NetworkDevice bridge)
      throws CommandException, InterruptedException {
    boolean there = tap.exists();
    if (there && !tap.isTap()) {
      throw new CommandException(tap.name() + " is there and is not a tap: it is left alone");
    }
    if (there && bridge.name().equals(tap.master()) && tap.isUp()) {
      return;
    }
    Privileges.requireNetworkAdministration("making the tap " + tap.name());
    if (!bridge.isBridge()) {
      throw new CommandException("there is no bridge " + bridge.name());
    }
    String add = there ? "" : "tuntap add dev " + tap.name() + " mode tap\n";
    commands.run(
        List.of("ip", "-batch", "-"),
        add + "link set dev " + tap.name() + " master " + bridge.name() + " up\n");
  }

  private void removeNow(NetworkDevice tap) throws CommandException, InterruptedException {
    if (!tap.exists()) {
      return;
    }
    if (!tap.isTap()) {
      throw new CommandException(tap.name() + " is not a tap: it is left alone");
    }
    Privileges.requireNetworkAdministration("removing the tap " + tap.name());
    try {
      commands.run(List.of("ip", "link", "delete", "dev", tap.name()), "");
    } catch (CommandException e) {
      if (tap.exists()) {
        throw e;
      }
      // Someone else was quicker, and it is gone: that was the wish.
    }
  }
}
