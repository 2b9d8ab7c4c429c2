package io.volant.api;

import io.volant.deployment.DeploymentReply;
import io.volant.host.HostReply;
import io.volant.plugin.PluginReply;
import io.volant.vm.VmReply;

/** What a refusal is over HTTP: the only place that says so. */
final class ReplyStatus {

  private ReplyStatus() {}

  static Problem of(HostReply.Refused refused) {
    return new Problem(code(refused.reason()), refused.message(), refused.details());
  }

  static Problem of(VmReply.Refused refused) {
    return Problem.of(code(refused.reason()), refused.message());
  }

  static Problem of(PluginReply.Refused refused) {
    return Problem.of(code(refused.reason()), refused.message());
  }

  static Problem of(DeploymentReply.Refused refused) {
    return new Problem(code(refused.reason()), refused.message(), refused.details());
  }

  private static ErrorCode code(DeploymentReply.Reason reason) {
    return switch (reason) {
      case NAME_TAKEN -> ErrorCode.NAME_TAKEN;
      case NOT_FOUND -> ErrorCode.DEPLOYMENT_NOT_FOUND;
      case BEING_DELETED -> ErrorCode.BEING_DELETED;
      case NO_PREVIOUS_REVISION -> ErrorCode.NO_PREVIOUS_REVISION;
      case PLUGIN_NOT_FOUND -> ErrorCode.PLUGIN_NOT_FOUND;
      case PLUGIN_DISABLED -> ErrorCode.PLUGIN_DISABLED;
      case INVALID -> ErrorCode.INVALID_FIELD;
      case ARTIFACT_UNAVAILABLE -> ErrorCode.ARTIFACT_UNAVAILABLE;
      case CHECKSUM_MISMATCH -> ErrorCode.CHECKSUM_MISMATCH;
      case HOST_RESOURCES_EXCEEDED -> ErrorCode.HOST_RESOURCES_EXCEEDED;
      case TOO_MANY_WAITING -> ErrorCode.OVERLOADED;
    };
  }

  private static ErrorCode code(HostReply.Reason reason) {
    return switch (reason) {
      case NAME_TAKEN -> ErrorCode.NAME_TAKEN;
      case PLUGIN_NOT_FOUND -> ErrorCode.PLUGIN_NOT_FOUND;
      case PLUGIN_DISABLED -> ErrorCode.PLUGIN_DISABLED;
      case INVALID -> ErrorCode.INVALID_FIELD;
      case HOST_RESOURCES_EXCEEDED -> ErrorCode.HOST_RESOURCES_EXCEEDED;
      case ARTIFACT_UNAVAILABLE -> ErrorCode.ARTIFACT_UNAVAILABLE;
      case CHECKSUM_MISMATCH -> ErrorCode.CHECKSUM_MISMATCH;
      case ADDRESS_POOL_EXHAUSTED -> ErrorCode.ADDRESS_POOL_EXHAUSTED;
      case NETWORK_UNAVAILABLE -> ErrorCode.NETWORK_UNAVAILABLE;
      case OVERLOADED -> ErrorCode.OVERLOADED;
    };
  }

  private static ErrorCode code(VmReply.Reason reason) {
    return switch (reason) {
      case ALREADY_EXISTS -> ErrorCode.NAME_TAKEN;
      case NOT_FOUND -> ErrorCode.VM_NOT_FOUND;
      case ALREADY_RUNNING -> ErrorCode.ALREADY_RUNNING;
      case ALREADY_STOPPED -> ErrorCode.ALREADY_STOPPED;
      case WRONG_STATE -> ErrorCode.WRONG_STATE;
      case VERSION_MISMATCH -> ErrorCode.VERSION_MISMATCH;
      case TOO_MANY_WAITING -> ErrorCode.OVERLOADED;
    };
  }

  private static ErrorCode code(PluginReply.Reason reason) {
    return switch (reason) {
      case NOT_FOUND -> ErrorCode.PLUGIN_NOT_FOUND;
      case EXISTS -> ErrorCode.PLUGIN_EXISTS;
      case IN_USE -> ErrorCode.PLUGIN_IN_USE;
      case ARTIFACT_NOT_FOUND -> ErrorCode.ARTIFACT_NOT_FOUND;
      case ARTIFACT_EXISTS -> ErrorCode.ARTIFACT_EXISTS;
      case ARTIFACT_UNAVAILABLE -> ErrorCode.ARTIFACT_UNAVAILABLE;
      case CHECKSUM_MISMATCH -> ErrorCode.CHECKSUM_MISMATCH;
      case INVALID -> ErrorCode.INVALID_FIELD;
    };
  }
}
