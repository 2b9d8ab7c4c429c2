package io.volant.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.volant.model.VmId;
import java.util.List;
import org.junit.jupiter.api.Test;

class TurnsTest {

  private static final VmId ONE = VmId.of(1, 1);
  private static final VmId TWO = VmId.of(1, 2);
  private static final VmId THREE = VmId.of(1, 3);

  private final Turns turns = new Turns();

  @Test
  void one_after_the_other_and_again_from_the_first() {
    List<VmId> fit = List.of(ONE, TWO, THREE);
    assertThat(turns.next("a", fit)).hasValue(ONE);
    assertThat(turns.next("a", fit)).hasValue(TWO);
    assertThat(turns.next("b", fit)).as("another name").hasValue(ONE);
    assertThat(turns.next("a", List.of(ONE, THREE))).hasValue(THREE);
    assertThat(turns.next("a", fit)).hasValue(ONE);
  }

  @Test
  void it_is_nobodys_turn_where_nobody_is() {
    assertThat(turns.next("a", List.of())).isEmpty();
  }
}
