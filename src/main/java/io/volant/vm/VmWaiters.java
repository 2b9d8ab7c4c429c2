package io.volant.vm;

import io.volant.vm.VmCommand.Goal;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;

/** Who waits for a VM to get somewhere. Bounded; asked after every event. */
final class VmWaiters {

  private static final int WAITING_MAX = 100;

  private record Waiter(Goal goal, ActorRef<VmReply> replyTo) {}

  private final List<Waiter> waiters = new ArrayList<>();
  private final List<ActorRef<VmReply>> deleters = new ArrayList<>();

  void add(Goal goal, ActorRef<VmReply> replyTo, Vm vm) {
    if (waiters.size() >= WAITING_MAX) {
      // who asked first has most likely gone long ago: a client that gives up does not say so
      waiters.removeFirst().replyTo().tell(tooMany());
    }
    waiters.add(new Waiter(goal, replyTo));
    tell(vm);
  }

  void addDeleter(ActorRef<VmReply> replyTo) {
    if (deleters.size() >= WAITING_MAX) {
      deleters.removeFirst().tell(tooMany());
    }
    deleters.add(replyTo);
  }

  private static VmReply tooMany() {
    return new VmReply.Refused(VmReply.Reason.TOO_MANY_WAITING, "too many wait for this VM");
  }

  /** Answers those whose goal is reached, or out of reach. */
  void tell(Vm vm) {
    for (Iterator<Waiter> each = waiters.iterator(); each.hasNext(); ) {
      Waiter waiter = each.next();
      if (isOver(waiter.goal(), vm)) {
        waiter.replyTo().tell(new VmReply.Accepted(vm));
        each.remove();
      }
    }
    if (vm.phase() instanceof Phase.Deleted) {
      deleters.forEach(replyTo -> replyTo.tell(new VmReply.Accepted(vm)));
      deleters.clear();
    }
  }

  private static boolean isOver(Goal goal, Vm vm) {
    return switch (vm.phase()) {
      case Phase.Starting _ -> false;
      case Phase.Ending(var then, _, _, _, _, _) -> then == Then.DELETE && goal != Goal.AT_REST;
      case Phase.Stopped _, Phase.Crashed _, Phase.Deleted _ -> true;
      case Phase.Running running ->
          switch (goal) {
            case RUNNING -> true;
            case HEALTHY -> vm.isReady();
            case AT_REST -> false;
          };
    };
  }
}
