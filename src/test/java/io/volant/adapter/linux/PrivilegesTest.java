package io.volant.adapter.linux;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class PrivilegesTest {

  @Test
  void without_the_capability_it_is_said_what_bridged_networking_needs() {
    assertThatThrownBy(() ->
            Privileges.requireNetworkAdministration(
                "making a tap", List.of("Name: java", "CapEff:\t0000000000000400")))
        .hasMessageStartingWith(
            "bridged networking needs root (or CAP_NET_ADMIN): making a tap was not tried");
  }

  @Test
  void the_capability_is_enough_and_so_is_not_to_know() {
    assertThatCode(
            () -> {
              Privileges.requireNetworkAdministration("x", List.of("CapEff:\t0000000000001000"));
              Privileges.requireNetworkAdministration("x", List.of("Name: java"));
            })
        .doesNotThrowAnyException();
  }
}
