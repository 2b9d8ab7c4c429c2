package io.volant.vm;

import static io.volant.vm.VmSamples.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.volant.vm.Timeline.Mark;
import io.volant.vm.Timeline.Source;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TimelineTest {

  @Test
  void a_step_is_marked_the_first_time_only() {
    Timeline timeline =
        Timeline.none()
            .with("created", NOW)
            .with("healthy", NOW.plusMillis(5))
            .with("created", NOW);
    assertThat(timeline.with("healthy", NOW.plusSeconds(9)).marks())
        .containsExactly(
            new Mark("created", NOW, Source.HOST),
            new Mark("healthy", NOW.plusMillis(5), Source.HOST));
  }

  @Test
  void a_guest_cannot_mark_a_step_of_the_host() {
    Mark forged = new Mark("running", NOW, Source.GUEST);
    Timeline timeline = Timeline.none().with(List.of(forged));
    assertThat(timeline.has("running")).isFalse();
    assertThat(timeline.with("running", NOW.plusMillis(7)).marks())
        .containsExactly(forged, new Mark("running", NOW.plusMillis(7), Source.HOST));
  }

  @Test
  void a_guest_cannot_make_it_grow_without_end() {
    List<Mark> flood =
        IntStream.range(0, 1_000)
            .mapToObj(number -> new Mark("step" + number, NOW, Source.GUEST))
            .toList();
    Timeline timeline = Timeline.none().with("created", NOW).with(flood);
    assertThat(timeline.marks()).hasSize(100).startsWith(new Mark("created", NOW, Source.HOST));
    assertThat(timeline.with(flood).marks()).hasSize(100);
  }

  @Test
  void the_first_start_goes_back_to_the_creation_and_a_later_one_does_not() {
    Vm vm = Place.STOPPED.vm();
    assertThat(vm.timeline().marks())
        .filteredOn(mark -> mark.source() == Source.HOST)
        .extracting(Mark::step)
        .containsExactly(
            "created",
            "start_requested",
            "artifacts_ready",
            "address_leased",
            "disks_ready",
            "tap_up",
            "launched",
            "link_up",
            "workload_started",
            "running");
    Vm again = VmSamples.apply(vm, VmRules.start(vm));
    assertThat(again.timeline().attempt()).isEqualTo(2);
    assertThat(again.timeline().marks()).extracting(Mark::step).containsExactly("start_requested");
  }
}
