package io.volant.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.volant.model.VmId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressPoolTest {

  private static final int STEPS = 2_000;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void nobody_ever_holds_the_address_of_another(long seed) {
    Random random = new Random(seed);
    AddressPool pool = pool("10.0.0.0/28", "10.0.0.1");
    Map<VmId, String> held = new HashMap<>();
    for (int step = 0; step < STEPS; step++) {
      String place = "seed " + seed + " step " + step;
      VmId vm = vm(1 + random.nextInt(20));
      if (random.nextBoolean()) {
        Optional<String> offer = pool.offer(vm);
        assertThat(offer.isPresent()).as(place).isEqualTo(held.containsKey(vm) || held.size() < 13);
        if (offer.isPresent()) {
          pool = pool.lent(vm, offer.get());
          held.put(vm, offer.get());
        }
      } else {
        pool = pool.returned(vm);
        held.remove(vm);
      }
      assertThat(new HashSet<>(held.values())).as(place).hasSameSizeAs(held.keySet());
      assertThat(held.values()).as(place).doesNotContain("10.0.0.0", "10.0.0.1", "10.0.0.15");
      for (Map.Entry<VmId, String> each : held.entrySet()) {
        assertThat(pool.heldBy(each.getKey())).as(place).contains(each.getValue());
      }
      assertThat(pool.isIdle()).as(place).isEqualTo(held.isEmpty());
    }
  }

  @Test
  void a_vm_gets_the_address_back_that_it_had() {
    AddressPool pool = pool("10.0.0.0/24", "10.0.0.1").lent(vm(1), "10.0.0.2").returned(vm(1));
    pool = pool.lent(vm(2), pool.offer(vm(2)).orElseThrow());
    assertThat(pool.heldBy(vm(2))).contains("10.0.0.3");
    assertThat(pool.offer(vm(1))).contains("10.0.0.2");
  }

  @Test
  void an_address_that_was_had_before_is_lent_when_no_other_is_left() {
    AddressPool pool = pool("10.0.0.0/30", "10.0.0.1").lent(vm(1), "10.0.0.2").returned(vm(1));
    assertThat(pool.offer(vm(2))).contains("10.0.0.2");
    AddressPool taken = pool.lent(vm(2), "10.0.0.2");
    assertThat(taken.offer(vm(1))).isEmpty();
    assertThat(taken.returned(vm(2)).offer(vm(1))).contains("10.0.0.2");
  }

  @Test
  void an_address_cannot_be_lent_twice() {
    AddressPool pool = pool("10.0.0.0/24", "10.0.0.1").lent(vm(1), "10.0.0.2");
    assertThatThrownBy(() -> pool.lent(vm(2), "10.0.0.2"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("10.0.0.2");
  }

  @Test
  void a_return_by_a_stranger_changes_nothing() {
    AddressPool pool = pool("10.0.0.0/24", "10.0.0.1").lent(vm(1), "10.0.0.2");
    assertThat(pool.returned(vm(2))).isEqualTo(pool);
  }

  private static AddressPool pool(String subnet, String host) {
    return AddressPool.of(Subnet.parse(subnet), host);
  }

  private static VmId vm(long id) {
    return new VmId(id);
  }
}
