package io.volant.host;

import io.volant.vm.VmCommand;
import io.volant.vm.VmReply;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;

/** Passes on what is wanted of a VM, by its name. */
final class VmDesk {

  private final HostChildren children;

  VmDesk(HostChildren children) {
    this.children = children;
  }

  void pass(HostState state, HostCommand.ToVm toVm) {
    Optional<ActorRef<VmCommand>> vm =
        Optional.ofNullable(state.idsByName().get(toVm.name())).flatMap(children::vm);
    if (vm.isEmpty()) {
      toVm.replyTo()
          .tell(
              new VmReply.Refused(
                  VmReply.Reason.NOT_FOUND, "there is no VM \"" + toVm.name() + "\""));
      return;
    }
    vm.get()
        .tell(
            switch (toVm) {
              case HostCommand.StartVm(_, var asker, var replyTo) ->
                  new VmCommand.Start(asker, replyTo);
              case HostCommand.StopVm(_, var asker, var replyTo) ->
                  new VmCommand.Stop(asker, replyTo);
              case HostCommand.RestartVm(_, var asker, var replyTo) ->
                  new VmCommand.Restart(asker, replyTo);
              case HostCommand.DeleteVm(_, var asker, var replyTo) ->
                  new VmCommand.Delete(asker, replyTo);
              case HostCommand.ChangeConfig(_, var base, var config, var asker, var replyTo) ->
                  new VmCommand.ChangeConfig(base, config, asker, replyTo);
              case HostCommand.DescribeVm(_, var replyTo) -> new VmCommand.Describe(replyTo);
              case HostCommand.AwaitVm(_, var goal, var replyTo) ->
                  new VmCommand.Await(goal, replyTo);
            });
  }
}
