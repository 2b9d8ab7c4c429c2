package io.volant.api;

import io.volant.vm.Phase;
import io.volant.vm.VmEvent;
import java.util.Locale;

/** What clients are told about where a VM is in its life. */
enum VmStatus {
  PENDING,
  STARTING,
  RUNNING,
  STOPPING,
  STOPPED,
  CRASHED,
  UNKNOWN;

  private final String text = name().toLowerCase(Locale.ROOT);

  static VmStatus of(Phase phase) {
    return switch (phase) {
      case Phase.Starting _ -> STARTING;
      case Phase.Running running -> running.certain() ? RUNNING : UNKNOWN;
      case Phase.Ending _ -> STOPPING;
      case Phase.Stopped _, Phase.Deleted _ -> STOPPED;
      case Phase.Crashed _ -> CRASHED;
    };
  }

  static VmStatus of(VmEvent.During during) {
    return switch (during) {
      case STARTING -> STARTING;
      case RUNNING -> RUNNING;
      case STOPPING -> STOPPING;
      case STOPPED -> STOPPED;
      case CRASHED -> CRASHED;
    };
  }

  /** As it is written in answers. */
  String text() {
    return text;
  }
}
