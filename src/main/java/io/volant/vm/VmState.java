package io.volant.vm;

/** The state of a VM's actor: nothing yet, or a {@link Vm}. Pure: changes only by events. */
public sealed interface VmState permits VmState.Absent, Vm {

  /** The state after {@code event}; an event that does not fit is a bug and throws. */
  VmState on(VmEvent event);

  /** No event yet. */
  record Absent() implements VmState {

    @Override
    public VmState on(VmEvent event) {
      if (event instanceof VmEvent.Created created) {
        return Vm.created(created);
      }
      throw new IllegalStateException(event.type() + " before vm.created");
    }
  }

  /** Thrown for an event that the state cannot have led to. */
  static IllegalStateException misfit(VmEvent event, Vm vm) {
    return new IllegalStateException(event.type() + " of vm " + vm.id() + " while " + vm.phase());
  }
}
