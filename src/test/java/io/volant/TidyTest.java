package io.volant;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TidyTest {
  @Test
  void placeholder_until_the_rules_land() {
    assertThat(Runtime.version().feature()).isGreaterThanOrEqualTo(25);
  }
}
