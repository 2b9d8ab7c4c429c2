package io.volant.host;

import io.volant.model.FieldProblem;
import io.volant.vm.Vm;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Plans changes of VMs' configs, with the checks that a new VM goes through. Decides nothing. */
final class ConfigDesk {

  /** Where a new VM's request has its config; the body of a change is that config itself. */
  private static final String PREFIX = "config.";

  private final HostPorts ports;
  private final MediaDesk media;

  ConfigDesk(HostPorts ports, MediaDesk media) {
    this.ports = ports;
    this.media = media;
  }

  void plan(HostCommand.PlanConfig order) {
    Optional<Vm> vm = ports.directories().vms().find(order.name());
    if (vm.isEmpty()) {
      order.replyTo().tell(new ConfigPlan.NoVm());
      return;
    }
    HostCapacity capacity = ports.identity().capacity();
    ConfigChange change = new ConfigChange(vm.get(), order.change());
    VmPlan plan = change.plan(capacity);
    if (!plan.problems().isEmpty()) {
      order.replyTo().tell(refused(Refusals.of(plan, capacity)));
      return;
    }
    // the answer concerns nobody's state: it goes to the one who asks as soon as it is there
    media
        .of(plan)
        .whenComplete(
            (found, failure) -> order.replyTo().tell(planned(change, plan, found, failure)));
  }

  private static ConfigPlan planned(
      ConfigChange change, VmPlan plan, @Nullable Media found, @Nullable Throwable failure) {
    return found == null
        ? refused(Refusals.ofMedia(failure))
        : new ConfigPlan.Planned(change.base(), plan.config(found));
  }

  private static ConfigPlan refused(HostReply.Refused why) {
    List<FieldProblem> details =
        why.details().stream()
            .map(problem -> new FieldProblem(bare(problem.field()), problem.message()))
            .toList();
    return new ConfigPlan.Refused(
        new HostReply.Refused(why.reason(), bare(why.message()), details));
  }

  private static String bare(String text) {
    return text.startsWith(PREFIX) ? text.substring(PREFIX.length()) : text;
  }
}
