package io.volant.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SubnetTest {

  @ParameterizedTest
  @CsvSource({
    "192.168.127.0/24, 256, 192.168.127.255",
    "10.0.0.0/8, 16777216, 10.255.255.255",
    "255.255.255.252/30, 4, 255.255.255.255",
    "10.9.0.0/29, 8, 10.9.0.7",
  })
  void a_network_has_its_addresses(String cidr, int size, String last) {
    Subnet subnet = Subnet.parse(cidr);
    assertThat(subnet).hasToString(cidr);
    assertThat(subnet.size()).isEqualTo(size);
    assertThat(subnet.address(size - 1)).isEqualTo(last);
    assertThat(subnet.offset(last)).isEqualTo(size - 1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "10.0.0.0",
        "10.0.0.0/7",
        "10.0.0.0/31",
        "10.0.0.0/99",
        "10.0.0.256/24",
        "10.0.0/24",
        "fe80::/64",
        "10.0.0.0/24 ",
        "a.b.c.d/24",
        "....../24"
      })
  void what_is_no_network_is_refused(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> Subnet.parse(text));
  }

  @Test
  void an_address_in_place_of_a_network_is_refused_with_the_network() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Subnet.parse("10.0.0.7/24"))
        .withMessageContaining("write 10.0.0.0/24");
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.0.1.0", "9.255.255.255", "255.255.255.255", "10.0.0", "x"})
  void an_address_elsewhere_has_no_place(String address) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Subnet.parse("10.0.0.0/24").offset(address));
  }
}
