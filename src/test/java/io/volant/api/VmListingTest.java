package io.volant.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.volant.artifact.StoredArtifact;
import io.volant.model.Stamp;
import io.volant.model.VmId;
import io.volant.vm.Vm;
import io.volant.vm.VmConfig;
import io.volant.vm.VmEvent;
import io.volant.vm.VmState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.junit.jupiter.api.Test;

class VmListingTest {

  private static final Instant START = Instant.parse("2026-11-23T13:00:00Z");

  private final List<Vm> vms = new ArrayList<>();
  private final AtomicLong version = new AtomicLong();
  private final AtomicInteger copies = new AtomicInteger();
  private final VmListing listing =
      new VmListing(
          () -> {
            copies.incrementAndGet();
            return vms;
          },
          version::get);

  VmListingTest() {
    vms.add(vm(1, "charlie", "python"));
    vms.add(vm(3, "alpha", "node"));
    vms.add(vm(2, "bravo", "node"));
  }

  @Test
  void vms_come_in_the_order_that_was_asked_for() {
    assertThat(names("")).containsExactly("charlie", "bravo", "alpha");
    assertThat(names("order=desc")).containsExactly("alpha", "bravo", "charlie");
    assertThat(names("sort=name")).containsExactly("alpha", "bravo", "charlie");
  }

  @Test
  void equal_vms_are_in_the_order_of_their_ids_both_ways() {
    assertThat(names("sort=runtime")).containsExactly("bravo", "alpha", "charlie");
    assertThat(names("sort=runtime&order=desc")).containsExactly("charlie", "bravo", "alpha");
    assertThat(names("sort=status&order=desc")).containsExactly("charlie", "bravo", "alpha");
  }

  @Test
  void a_page_is_a_part_and_the_total_is_the_whole() {
    VmListing.Page page = page("sort=name&limit=1&offset=1");
    assertThat(page.vms()).extracting(Vm::name).containsExactly("bravo");
    assertThat(page.total()).isEqualTo(3);
    assertThat(page("offset=2147483647").vms()).isEmpty();
    VmListing.Page filtered = page("runtime=node&sort=name&limit=1&offset=1");
    assertThat(filtered.vms()).extracting(Vm::name).containsExactly("bravo");
    assertThat(filtered.total()).isEqualTo(2);
  }

  @Test
  void filters_are_all_to_hold() {
    assertThat(names("runtime=python")).containsExactly("charlie");
    assertThat(names("plugin=plugin-node&sort=name")).containsExactly("alpha", "bravo");
    assertThat(names("q=AVO")).containsExactly("bravo");
    assertThat(names("q=pyth")).containsExactly("charlie");
    assertThat(names("q=node&runtime=python")).isEmpty();
    assertThat(names("status=stopped&status=running,crashed")).hasSize(3);
    assertThat(names("status=running")).isEmpty();
  }

  @Test
  void nothing_is_sorted_again_until_something_changes() {
    names("sort=name");
    names("sort=name&limit=1");
    names("sort=name&status=stopped");
    names("sort=name&status=stopped&q=node");
    assertThat(copies).hasValue(1);
    vms.add(vm(4, "aaron", "node"));
    version.incrementAndGet();
    assertThat(names("sort=name&status=stopped")).startsWith("aaron");
    assertThat(names("sort=name")).startsWith("aaron");
    assertThat(copies).hasValue(2);
  }

  @Test
  void kept_lists_of_some_states_are_like_new_ones_however_many_were_asked_for() {
    List<String> states = Stream.of(VmStatus.values()).map(VmStatus::text).toList();
    for (int round = 0; round < 2; round++) {
      for (VmQuery.Key key : VmQuery.Key.values()) {
        for (String state : states) {
          String query = "sort=%s&status=%s".formatted(key.text(), state);
          assertThat(names(query)).as(query).hasSize(state.equals("stopped") ? 3 : 0);
        }
      }
    }
  }

  private List<String> names(String query) {
    return page(query).vms().stream().map(Vm::name).toList();
  }

  private VmListing.Page page(String query) {
    return listing.page(
        VmQuery.of(QueryReader.of(HttpRequest.GET("http://localhost/api/v1/vms?" + query))));
  }

  private static Vm vm(long id, String name, String runtime) {
    VmConfig config =
        new VmConfig(
            new VmConfig.PluginRef("plugin-" + runtime, "1", runtime),
            new VmConfig.Machine(1, 64, null, ""),
            VmConfig.BootMedium.initramfs("/x", new StoredArtifact("d", "/x", 1)),
            List.of(),
            null,
            new VmConfig.Workload(
                List.of("/bin/true"),
                Map.of(),
                "/",
                80,
                "",
                new VmConfig.HealthCheck(null, 1_000),
                true,
                null),
            VmConfig.NetworkMode.VSOCK,
            null);
    Stamp stamp = new Stamp("vm/" + id + "#1", name, START.plusSeconds(id), "tester", "test");
    VmState created = new VmState.Absent().on(new VmEvent.Created(stamp, new VmId(id), 1, config));
    if (created instanceof Vm vm) {
      return vm;
    }
    throw new AssertionError(created);
  }
}
