package io.volant.network;

/** The state of a network's actor. Pure: changes only by events. */
public sealed interface NetworkState {

  /** The state after {@code event}; an event that does not fit is a bug and throws. */
  NetworkState on(NetworkEvent event);

  /** Not defined yet. */
  record Absent() implements NetworkState {
    @Override
    public NetworkState on(NetworkEvent event) {
      if (event instanceof NetworkEvent.Defined(_, var spec)) {
        return Present.of(spec);
      }
      throw new IllegalStateException(event.type() + " before network.defined");
    }
  }

  /** A network and what it has lent. */
  record Present(NetworkSpec spec, AddressPool pool) implements NetworkState {

    static Present of(NetworkSpec spec) {
      return new Present(spec, AddressPool.of(Subnet.parse(spec.subnet()), spec.hostAddress()));
    }

    @Override
    public NetworkState on(NetworkEvent event) {
      return switch (event) {
        case NetworkEvent.Defined(_, var now) -> of(now);
        case NetworkEvent.AddressLent(_, var vmId, var address) ->
            new Present(spec, pool.lent(vmId, address));
        case NetworkEvent.AddressReturned(_, var vmId) -> new Present(spec, pool.returned(vmId));
      };
    }
  }
}
