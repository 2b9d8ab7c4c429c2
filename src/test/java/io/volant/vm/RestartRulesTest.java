package io.volant.vm;

import static org.assertj.core.api.Assertions.assertThat;

import io.volant.model.Stamp;
import io.volant.vm.RestartPolicy.When;
import io.volant.vm.VmConfig.NetworkMode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** When a VM is started again, and with which config. */
class RestartRulesTest {

  private static final RestartPolicy ALWAYS = new RestartPolicy(When.ALWAYS, 2, 1_000, 60_000);
  private static final VmExit OFF = new VmExit(0, null, VmExit.POWERED_OFF, List.of());
  private static final VmExit PANIC = new VmExit(0, null, "the guest's kernel panicked", List.of());

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void pauses_grow_to_the_longest_and_chance_only_shortens_them(long seed) {
    Random random = new Random(seed);
    for (int round = 0; round < 1_000; round++) {
      long min = 1 + random.nextLong(10_000);
      long max = min + random.nextLong(86_400_000);
      RestartPolicy policy = new RestartPolicy(When.ALWAYS, 0, min, max);
      long before = 0;
      for (int retries = 0; retries < 100; retries++) {
        String place = "seed " + seed + " retry " + retries + " of " + policy;
        long full = policy.pauseMs(retries, 0);
        long pause = policy.pauseMs(retries, random.nextDouble());
        assertThat(full).as(place).isBetween(min, max).isGreaterThanOrEqualTo(before);
        assertThat(full).as(place).isIn(max, 2 * before, min);
        assertThat(pause).as(place).isBetween(Math.max(1, full * 3 / 4), full);
        before = full;
      }
      assertThat(before).isEqualTo(max);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "NO, false, false, false",
    "ON_FAILURE, true, true, false",
    "ALWAYS, true, true, true",
  })
  void a_policy_tells_after_which_ends(When when, boolean fails, boolean panics, boolean off) {
    RestartPolicy policy = new RestartPolicy(when, 0, 1, 1);
    assertThat(policy.wants(VmSamples.EXIT)).isEqualTo(fails);
    assertThat(policy.wants(null)).isEqualTo(fails);
    assertThat(policy.wants(PANIC)).isEqualTo(panics);
    assertThat(policy.wants(OFF)).isEqualTo(off);
  }

  @Test
  void a_crash_is_planned_and_then_started_once() {
    Vm vm = crashed(running(ALWAYS, 1), VmSamples.NOW);
    assertThat(Outstanding.of(vm, false)).isEqualTo(new Outstanding.PlanRestart());
    assertThat(VmRules.restartDue(vm)).isEqualTo(Decision.nothing());
    vm = VmSamples.apply(vm, VmRules.planRestart(vm, VmSamples.NOW, 0));
    assertThat(Outstanding.of(vm, false))
        .isEqualTo(new Outstanding.AwaitRestart(VmSamples.NOW.plusSeconds(1)));
    assertThat(vm.intent().restarts().retries()).isEqualTo(1);
    assertThat(VmRules.planRestart(vm, VmSamples.NOW, 0)).isEqualTo(Decision.nothing());
    Vm again = VmSamples.apply(vm, VmRules.restartDue(vm));
    assertThat(again.attempt()).isEqualTo(2);
    assertThat(VmRules.restartDue(again)).isEqualTo(Decision.nothing());
  }

  @Test
  void a_user_in_the_pause_has_the_last_word() {
    Vm vm = paused();
    assertThat(types(vm, VmRules.stop(vm))).containsExactly("vm.end_requested");
    assertThat(types(vm, VmRules.delete(vm))).containsExactly("vm.end_requested");
    assertThat(types(vm, VmRules.start(vm))).containsExactly("vm.start_requested");
    for (Decision decision : List.of(VmRules.stop(vm), VmRules.delete(vm), VmRules.start(vm))) {
      Vm after = VmSamples.apply(vm, decision);
      assertThat(after.intent().restarts().due()).isNull();
      assertThat(VmRules.restartDue(after)).isEqualTo(Decision.nothing());
    }
    Vm never = VmSamples.apply(vm, changed(vm, RestartPolicy.no()));
    assertThat(Outstanding.of(never, false)).isEqualTo(new Outstanding.Nothing());
  }

  @Test
  void a_stop_while_a_crash_is_cleared_away_ends_it_too() {
    Vm vm = running(ALWAYS, 1);
    vm = fold(vm, new VmEvent.Exited(stamp("vm/7#5", VmSamples.NOW), 1, VmSamples.EXIT));
    assertThat(types(vm, VmRules.stop(vm))).containsExactly("vm.end_requested");
  }

  @Test
  void so_many_in_a_row_and_no_more_unless_it_ran_for_a_while() {
    Vm vm = running(ALWAYS, 1);
    for (int attempt = 1; attempt <= 2; attempt++) {
      vm = crashed(vm, VmSamples.NOW);
      vm = VmSamples.apply(vm, VmRules.planRestart(vm, VmSamples.NOW, 0));
      String cause = Objects.requireNonNull(vm.intent().restarts().due()).cause();
      vm = up(fold(vm, started(cause, attempt + 1)), attempt + 1);
      assertThat(vm.intent().restarts().retries()).isEqualTo(attempt);
    }
    Vm tooOften = crashed(vm, VmSamples.NOW.plusSeconds(59));
    assertThat(Outstanding.of(tooOften, false)).isEqualTo(new Outstanding.Nothing());
    Vm sound = crashed(vm, VmSamples.NOW.plus(Restarts.SOUND_AFTER));
    assertThat(Outstanding.of(sound, false)).isEqualTo(new Outstanding.PlanRestart());
    assertThat(sound.intent().restarts().retries()).isZero();
    Vm byHand = VmSamples.apply(tooOften, VmRules.start(tooOften));
    assertThat(byHand.intent().restarts()).isEqualTo(Restarts.none());
  }

  @Test
  void a_config_is_used_from_the_next_start_on_and_its_policy_at_once() {
    Vm vm = running(RestartPolicy.no(), 1);
    vm = VmSamples.apply(vm, changed(vm, ALWAYS));
    assertThat(vm.config().version()).isEqualTo(1);
    assertThat(vm.intent().newest().version()).isEqualTo(2);
    assertThat(vm.intent().policy()).isEqualTo(ALWAYS);
    Vm crashed = crashed(vm, VmSamples.NOW);
    assertThat(crashed.config().version()).isEqualTo(2);
    assertThat(Outstanding.of(crashed, false)).isEqualTo(new Outstanding.PlanRestart());
  }

  @Test
  void a_config_made_from_an_older_one_is_refused_and_the_same_again_changes_nothing() {
    Vm vm = VmSamples.apply(running(ALWAYS, 1), changed(running(ALWAYS, 1), RestartPolicy.no()));
    VmConfig config = vm.intent().newest().config();
    assertThat(VmRules.changeConfig(vm, 1, config))
        .isInstanceOfSatisfying(
            Decision.Refusal.class,
            refusal -> {
              assertThat(refusal.reason()).isEqualTo(VmReply.Reason.VERSION_MISMATCH);
              assertThat(refusal.message()).startsWith("VM web ");
            });
    assertThat(VmRules.changeConfig(vm, 2, config)).isEqualTo(Decision.nothing());
  }

  private static Decision changed(Vm vm, RestartPolicy policy) {
    Vm.Versioned newest = vm.intent().newest();
    return VmRules.changeConfig(vm, newest.version(), VmSamples.with(newest.config(), policy));
  }

  private static Vm paused() {
    Vm vm = crashed(running(ALWAYS, 1), VmSamples.NOW);
    return VmSamples.apply(vm, VmRules.planRestart(vm, VmSamples.NOW, 0));
  }

  private static Vm running(RestartPolicy policy, int attempt) {
    VmConfig config = VmSamples.config(NetworkMode.VSOCK, false);
    return up(VmSamples.created(VmSamples.with(config, policy)), attempt);
  }

  private static Vm up(Vm starting, int attempt) {
    Vm vm = starting;
    for (VmResult.StepDone done :
        List.of(
            new VmResult.ArtifactsFetched(attempt, VmSamples.SOURCES),
            new VmResult.FolderPrepared(attempt, VmSamples.PREPARED),
            new VmResult.HypervisorLaunched(attempt, VmSamples.handle(100 + attempt)))) {
      vm = VmSamples.apply(vm, VmRules.stepDone(vm, done));
    }
    assertThat(vm.phase()).isInstanceOf(Phase.Running.class);
    return vm;
  }

  private static Vm crashed(Vm running, Instant at) {
    int attempt = running.attempt();
    Vm vm = fold(running, new VmEvent.Exited(stamp("vm/7#5", at), attempt, VmSamples.EXIT));
    Set<Claim> all = Set.of(Claim.PROCESS, Claim.RUN_FILES);
    vm = fold(vm, new VmEvent.Released(stamp("vm/7#6", at), attempt, all));
    return fold(vm, new VmEvent.Crashed(stamp("vm/7#7", at), attempt, "killed", VmSamples.EXIT));
  }

  private static VmEvent started(String cause, int attempt) {
    Stamp stamp = new Stamp("vm/7#8", "web", VmSamples.NOW, Stamp.SYSTEM, cause);
    return new VmEvent.StartRequested(stamp, attempt);
  }

  private static Stamp stamp(String id, Instant at) {
    return new Stamp(id, "web", at.plus(Duration.ZERO), Stamp.SYSTEM, "vm/7#2");
  }

  private static Vm fold(Vm vm, VmEvent event) {
    return vm.on(event);
  }

  private static List<String> types(Vm vm, Decision decision) {
    assertThat(decision).as("%s", vm.phase()).isInstanceOf(Decision.Facts.class);
    return ((Decision.Facts) decision)
        .facts().stream().map(fact -> fact.stamped(stamp("vm/7#9", VmSamples.NOW)).type()).toList();
  }
}
