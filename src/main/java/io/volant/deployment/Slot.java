package io.volant.deployment;

import io.volant.model.VmId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The place of one replica.
 *
 * @param number from 1; the VM is named after it
 * @param revision what the VM there is made from, or was at last
 * @param stage how far it is
 * @param trouble what has gone wrong of late
 */
public record Slot(int number, int revision, Stage stage, Trouble trouble) {

  /** How far a replica is, as far as the deployment's own events tell. */
  public sealed interface Stage {

    /** There is none. */
    record Empty() implements Stage {}

    /**
     * One shall be made.
     *
     * @param cause the event that said so: by it the VM is told from a stranger of that name
     */
    record Making(String cause) implements Stage {}

    /** There is one, since then. */
    record There(VmId vmId, Instant since) implements Stage {}

    /** There is one, and it has crashed; it is looked at by people until it is replaced. */
    record Broken(VmId vmId) implements Stage {}

    /** It shall go, as the event {@code cause} said. */
    record Leaving(VmId vmId, String cause) implements Stage {}
  }

  /**
   * What has gone wrong of late.
   *
   * @param failures in a row: crashes, and VMs that could not be made
   * @param retryAt not before then; null: at once
   * @param reason of the latest; empty: none
   */
  public record Trouble(int failures, @Nullable Instant retryAt, String reason) {

    static Trouble none() {
      return new Trouble(0, null, "");
    }
  }

  Slot at(Stage next) {
    return new Slot(number, revision, next, trouble);
  }

  Slot with(Trouble next) {
    return new Slot(number, revision, stage, next);
  }

  /** The VM that it knows of, on its way out or not. */
  public @Nullable VmId vmId() {
    return switch (stage) {
      case Stage.Empty _, Stage.Making _ -> null;
      case Stage.There(var vmId, _) -> vmId;
      case Stage.Broken(var vmId) -> vmId;
      case Stage.Leaving(var vmId, _) -> vmId;
    };
  }

  /** Whether it has a VM that nobody has sent away yet. */
  boolean isHeld() {
    return switch (stage) {
      case Stage.There _, Stage.Broken _ -> true;
      case Stage.Empty _, Stage.Making _, Stage.Leaving _ -> false;
    };
  }
}
