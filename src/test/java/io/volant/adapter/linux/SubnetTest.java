package io.volant.adapter.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SubnetTest {

  @Test
  void a_subnet_is_written_with_its_host_bits_cleared() {
    assertThat(Subnet.parse("192.168.127.9/24")).hasToString("192.168.127.0/24");
    assertThat(Subnet.parse("255.128.1.2/9")).hasToString("255.128.0.0/9");
  }

  @Test
  void it_knows_what_is_inside() {
    Subnet subnet = Subnet.parse("10.231.4.0/30");

    assertThat(subnet.contains(Subnet.parseAddress("10.231.4.3"))).isTrue();
    assertThat(subnet.contains(Subnet.parseAddress("10.231.4.4"))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "10.0.0.0",
        "10.0.0.0/31",
        "10.0.0.0/7",
        "10.0.0/24",
        "10.0.0.256/24",
        "a/24",
        "10.0.0.0/24; drop",
        "10.0.0.0/+9"
      })
  void anything_else_is_refused(String text) {
    assertThatThrownBy(() -> Subnet.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"");
  }
}
