package io.volant.host;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.volant.deployment.DeploymentReply;
import io.volant.deployment.Sighting;
import io.volant.deployment.Sighting.Condition;
import io.volant.deployment.TemplateCheck;
import io.volant.deployment.VmTemplate;
import io.volant.model.FieldProblem;
import io.volant.plugin.PluginDirectory;
import io.volant.vm.Phase;
import io.volant.vm.Then;
import io.volant.vm.Vm;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** What deployments call things, and what VMs do: the one in the words of the other. Pure. */
final class Replicas {

  private static final ObjectMapper MAPPER =
      new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  private Replicas() {}

  /**
   * A VM's name as that of a replica.
   *
   * @param deployment whose it would be
   */
  record Name(String deployment, int number) {

    /** The name, if it ends with a number. */
    static Optional<Name> of(String vmName) {
      int dash = vmName.lastIndexOf('-');
      String digits = vmName.substring(dash + 1);
      return dash > 0 && digits.matches("[1-9][0-9]{0,3}")
          ? Optional.of(new Name(vmName.substring(0, dash), Integer.parseInt(digits)))
          : Optional.empty();
    }

    String vmName() {
      return deployment + "-" + number;
    }
  }

  /**
   * The request for a VM of a deployment.
   *
   * @throws JsonProcessingException for a config that this version cannot read
   */
  static VmRequest request(String vmName, VmTemplate template) throws JsonProcessingException {
    VmRequest.Config config = MAPPER.treeToValue(template.tree(), VmRequest.Config.class);
    return new VmRequest(vmName, template.plugin(), null, null, null, null, null, null, config);
  }

  /** Whether VMs can be made of a config. */
  sealed interface Fit {

    /** They can, in this way. */
    record Fits(VmPlan plan) implements Fit {}

    /** They cannot. */
    record Misfit(DeploymentReply.Refused why) implements Fit {}
  }

  /** Looks at a config as at a request for a VM, but for the VM's name. */
  static Fit fit(
      String deployment, VmTemplate template, PluginDirectory plugins, HostCapacity capacity) {
    try {
      VmRequest request = request(new Name(deployment, 1).vmName(), template);
      return switch (Admission.ofConfig(request, plugins, capacity)) {
        case Admission.Granted(var plan) -> new Fit.Fits(plan);
        case Admission.Denied(var refused) -> new Fit.Misfit(refused(refused));
        case Admission.Made _ -> throw new IllegalStateException("a config makes no VM");
      };
    } catch (JsonProcessingException | IllegalArgumentException mismatch) {
      return new Fit.Misfit(
          new DeploymentReply.Refused(
              DeploymentReply.Reason.INVALID,
              "config: cannot be read: " + mismatch.getMessage(),
              List.of(new FieldProblem("config", "cannot be read"))));
    }
  }

  /** The same, for a deployment to ask: what can be told without fetching anything. */
  static TemplateCheck check(PluginDirectory plugins, HostCapacity capacity) {
    return (deployment, template) ->
        switch (fit(deployment, template, plugins, capacity)) {
          case Fit.Fits _ -> Optional.empty();
          case Fit.Misfit(var why) -> Optional.of(why);
        };
  }

  static DeploymentReply.Refused refused(HostReply.Refused refused) {
    DeploymentReply.Reason reason =
        switch (refused.reason()) {
          case PLUGIN_NOT_FOUND -> DeploymentReply.Reason.PLUGIN_NOT_FOUND;
          case PLUGIN_DISABLED -> DeploymentReply.Reason.PLUGIN_DISABLED;
          case HOST_RESOURCES_EXCEEDED -> DeploymentReply.Reason.HOST_RESOURCES_EXCEEDED;
          case ARTIFACT_UNAVAILABLE -> DeploymentReply.Reason.ARTIFACT_UNAVAILABLE;
          case CHECKSUM_MISMATCH -> DeploymentReply.Reason.CHECKSUM_MISMATCH;
          case NAME_TAKEN, INVALID, ADDRESS_POOL_EXHAUSTED, NETWORK_UNAVAILABLE, OVERLOADED ->
              DeploymentReply.Reason.INVALID;
        };
    List<FieldProblem> details =
        refused.details().stream()
            .map(detail -> new FieldProblem(inConfig(detail.field()), detail.message()))
            .toList();
    FieldProblem first = details.getFirst();
    return new DeploymentReply.Refused(reason, first.field() + ": " + first.message(), details);
  }

  /** A deployment has no fields beside its config, so it is there that something is wrong. */
  private static String inConfig(String field) {
    return switch (field) {
      case "cpu_cores", "memory_mb" -> "config.resources." + field;
      default -> field.startsWith("config.") ? field : "config." + field;
    };
  }

  static Sighting sighting(Vm vm) {
    return new Sighting(vm.id(), vm.identity().maker(), condition(vm), detail(vm.phase()));
  }

  private static Condition condition(Vm vm) {
    return switch (vm.phase()) {
      case Phase.Starting _ -> Condition.COMING;
      case Phase.Running _ -> vm.isReady() ? Condition.READY : Condition.UP;
      case Phase.Ending ending -> condition(ending.then());
      case Phase.Stopped _ -> Condition.STOPPED;
      case Phase.Crashed _ -> Condition.CRASHED;
      case Phase.Deleted _ -> Condition.LEAVING;
    };
  }

  private static Condition condition(Then then) {
    return switch (then) {
      case STOP, RESTART, CRASH -> Condition.GOING;
      case DELETE -> Condition.LEAVING;
    };
  }

  private static String detail(Phase phase) {
    return switch (phase) {
      case Phase.Running running -> Objects.requireNonNullElse(running.detail(), "");
      case Phase.Crashed(var reason, _) -> reason;
      case Phase.Starting _, Phase.Ending _, Phase.Stopped _, Phase.Deleted _ -> "";
    };
  }
}
