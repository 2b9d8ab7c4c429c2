package io.volant.host;

/** A request for a new VM that passed the checks, on its way through fetch and address. */
record CreationOrder(HostCommand.CreateVm command, VmPlan plan) {

  String name() {
    return command.request().name();
  }
}
