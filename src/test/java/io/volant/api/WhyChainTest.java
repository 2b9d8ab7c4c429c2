package io.volant.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.volant.model.Stamp;
import io.volant.vm.Claim;
import io.volant.vm.Health;
import io.volant.vm.StartStep;
import io.volant.vm.Then;
import io.volant.vm.VmEvent;
import io.volant.vm.VmExit;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WhyChainTest {

  private final List<VmEvent> story = new ArrayList<>();

  @Test
  void a_crash_is_told_from_who_started_it_on() {
    story.add(new VmEvent.StartRequested(stamp("alice"), 1));
    story.add(new VmEvent.TapUp(stamp("system"), 1, "vt7"));
    story.add(new VmEvent.HealthChanged(stamp("system"), 1, Health.HEALTHY, null));
    VmExit exit = new VmExit(null, 9, "killed by signal 9", List.of());
    story.add(new VmEvent.Exited(stamp("system"), 1, exit));
    story.add(new VmEvent.Released(stamp("system"), 1, Set.of(Claim.TAP)));
    story.add(new VmEvent.Crashed(stamp("system"), 1, "killed by signal 9", exit));

    assertThat(sentences())
        .containsExactly(
            "alice asked to start it, start 1",
            "it was healthy",
            "its hypervisor ended: killed by signal 9",
            "so it is crashed: killed by signal 9");
  }

  @Test
  void what_came_before_the_last_request_is_left_out() {
    story.add(new VmEvent.StartRequested(stamp("alice"), 1));
    story.add(new VmEvent.EndRequested(stamp("bob"), 1, Then.STOP));
    story.add(new VmEvent.Stopped(stamp("bob"), 1));

    assertThat(sentences()).containsExactly("bob asked to stop it", "so it is stopped");
  }

  @Test
  void what_volant_did_by_itself_does_not_begin_a_chain() {
    story.add(new VmEvent.StartRequested(stamp("alice"), 1));
    story.add(new VmEvent.StartFailed(stamp("system"), 1, StartStep.TAP, "no bridge"));
    story.add(new VmEvent.StartRequested(stamp("system"), 2));

    assertThat(sentences())
        .containsExactly(
            "alice asked to start it, start 1",
            "its start failed at the step tap: no bridge",
            "so it was started again, start 2");
  }

  private List<String> sentences() {
    return WhyChain.of(story).stream().map(WhyChain.Link::sentence).toList();
  }

  private Stamp stamp(String by) {
    String id = "vm/7#" + (story.size() + 1);
    return new Stamp(id, "web", Instant.EPOCH.plusSeconds(story.size()), by, "r-1");
  }
}
