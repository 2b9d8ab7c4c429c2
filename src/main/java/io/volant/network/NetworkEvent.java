package io.volant.network;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import io.volant.journal.JournalEvent;
import io.volant.model.Stamp;
import io.volant.model.VmId;

/** What has happened to a network. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(NetworkEvent.Defined.class),
  @JsonSubTypes.Type(NetworkEvent.AddressLent.class),
  @JsonSubTypes.Type(NetworkEvent.AddressReturned.class),
})
public sealed interface NetworkEvent extends JournalEvent {

  /** The network is this one from now on. */
  @JsonTypeName("network.defined")
  record Defined(Stamp stamp, NetworkSpec spec) implements NetworkEvent {}

  /** An address was lent to a VM. */
  @JsonTypeName("network.address_lent")
  record AddressLent(Stamp stamp, VmId vmId, String ipAddress) implements NetworkEvent {}

  /** A VM gave its address back. */
  @JsonTypeName("network.address_returned")
  record AddressReturned(Stamp stamp, VmId vmId) implements NetworkEvent {}
}
