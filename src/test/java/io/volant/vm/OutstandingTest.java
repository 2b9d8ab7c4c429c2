package io.volant.vm;

import static io.volant.vm.VmSamples.EXIT;
import static org.assertj.core.api.Assertions.assertThat;

import io.volant.vm.VmConfig.NetworkMode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What is to be done next, in every place of a VM's life. */
class OutstandingTest {

  private static final String TABLE =
      """
      PLACE       , WATCHED       , NOT_WATCHED
      AT_ARTIFACTS, step ARTIFACTS, step ARTIFACTS
      AT_ADDRESS  , ask address   , ask address
      AT_DISKS    , step DISKS    , step DISKS
      AT_TAP      , step TAP      , step TAP
      AT_LAUNCH   , step LAUNCH   , step LAUNCH
      AT_GUEST    , -             , adopt
      RUNNING     , -             , adopt
      UNCERTAIN   , -             , adopt
      STOPPING    , shutdown      , adopt
      RESTARTING  , shutdown      , adopt
      CRASHING    , kill          , adopt
      DELETING    , kill          , adopt
      STOPPED     , -             , -
      CRASHED     , -             , -
      DELETED     , -             , -
      """;

  @ParameterizedTest
  @CsvSource(useHeadersInDisplayName = true, textBlock = TABLE)
  void what_is_to_be_done_is_read_off_the_state(Place place, String watched, String notWatched) {
    assertThat(told(Outstanding.of(place.vm(), true))).isEqualTo(watched);
    assertThat(told(Outstanding.of(place.vm(), false))).isEqualTo(notWatched);
  }

  @Test
  void the_table_leaves_nothing_out() {
    assertThat(TABLE.lines().skip(1).map(line -> line.split(",", 2)[0].strip()))
        .containsExactlyInAnyOrderElementsOf(Stream.of(Place.values()).map(Place::name).toList());
  }

  @ParameterizedTest
  @CsvSource({
    "STOPPING  , release PROCESS TAP RUN_FILES",
    "RESTARTING, release PROCESS TAP RUN_FILES",
    "CRASHING  , release PROCESS TAP RUN_FILES",
    "DELETING  , release PROCESS TAP RUN_FILES FOLDER",
  })
  void without_a_process_everything_is_released_and_the_address_last(Place place, String release) {
    Vm vm = place.vm();
    vm = VmSamples.apply(vm, VmRules.exited(vm, new VmResult.HypervisorExited(1, EXIT)));
    assertThat(told(Outstanding.of(vm, false))).isEqualTo(release);
    Set<Claim> all = Set.of(Claim.PROCESS, Claim.TAP, Claim.RUN_FILES, Claim.FOLDER);
    vm = VmSamples.apply(vm, VmRules.released(vm, new VmResult.ReleaseTold(1, all, Map.of())));
    assertThat(Outstanding.of(vm, false)).isEqualTo(new Outstanding.ReturnAddress());
  }

  @Test
  void what_could_not_be_released_is_released_again() {
    Vm vm = Place.STOPPING.vm();
    vm = VmSamples.apply(vm, VmRules.exited(vm, new VmResult.HypervisorExited(1, EXIT)));
    VmResult.ReleaseTold told =
        new VmResult.ReleaseTold(1, Set.of(Claim.PROCESS), Map.of(Claim.TAP, "busy"));
    vm = VmSamples.apply(vm, VmRules.released(vm, told));
    assertThat(told(Outstanding.of(vm, false))).isEqualTo("release TAP RUN_FILES");
  }

  @Test
  void a_vm_that_holds_nothing_has_an_empty_round_of_releasing() {
    Vm vm = VmSamples.created(VmSamples.config(NetworkMode.VSOCK, true));
    vm = VmSamples.apply(vm, VmRules.stop(vm));
    assertThat(Outstanding.of(vm, true)).isEqualTo(new Outstanding.Release(Set.of()));
  }

  @Test
  void a_vm_without_an_agent_is_ended_by_force() {
    Vm vm = VmSamples.created(VmSamples.config(NetworkMode.VSOCK, false));
    vm = VmSamples.apply(vm, VmRules.stepDone(vm, fetched()));
    vm = VmSamples.apply(vm, VmRules.stepDone(vm, prepared()));
    vm = VmSamples.apply(vm, VmRules.stepDone(vm, launched()));
    vm = VmSamples.apply(vm, VmRules.stop(vm));
    assertThat(Outstanding.of(vm, true)).isEqualTo(new Outstanding.Kill());
  }

  @ParameterizedTest
  @EnumSource
  void a_step_is_answered_by_its_own_results_only(StartStep step) {
    Outstanding outstanding = new Outstanding.Step(step);
    for (VmResult.StepDone done : List.of(fetched(), prepared(), connected(), launched())) {
      assertThat(outstanding.isAnsweredBy(done)).as("%s", done).isEqualTo(done.step() == step);
    }
    for (StartStep other : StartStep.values()) {
      assertThat(outstanding.isAnsweredBy(new VmResult.StepFailed(1, other, "no")))
          .isEqualTo(other == step);
    }
    assertThat(outstanding.isAnsweredBy(new VmResult.HypervisorExited(1, EXIT))).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "adopt         , AdoptionTold",
    "kill          , KillFailed",
    "release       , ReleaseTold",
    "ask address   , -",
    "return address, -",
    "shutdown      , -",
    "-             , -",
  })
  void what_is_no_step_is_answered_by_one_kind_of_result_at_most(String name, String answer) {
    List<VmResult> results =
        List.of(
            new VmResult.AdoptionTold(1, new Adoption.Alive()),
            new VmResult.KillFailed(1, "no right"),
            new VmResult.ReleaseTold(1, Set.of(), Map.of()),
            new VmResult.HypervisorExited(1, EXIT),
            new VmResult.GuestSaid(1, new GuestSignal.LinkUp()),
            new VmResult.Alarm(1, VmResult.Alarm.Kind.RETRY),
            launched());
    List<Outstanding> all =
        List.of(
            new Outstanding.Adopt(),
            new Outstanding.Kill(),
            new Outstanding.Release(Set.of()),
            new Outstanding.AskAddress(),
            new Outstanding.ReturnAddress(),
            new Outstanding.Shutdown(),
            new Outstanding.Nothing());
    Outstanding outstanding =
        all.stream().filter(each -> told(each).equals(name)).findFirst().orElseThrow();
    assertThat(results)
        .filteredOn(outstanding::isAnsweredBy)
        .extracting(result -> result.getClass().getSimpleName())
        .isEqualTo(answer.equals("-") ? List.of() : List.of(answer));
  }

  private static VmResult.StepDone fetched() {
    return new VmResult.ArtifactsFetched(1, VmSamples.SOURCES);
  }

  private static VmResult.StepDone prepared() {
    return new VmResult.FolderPrepared(1, VmSamples.PREPARED);
  }

  private static VmResult.StepDone connected() {
    return new VmResult.TapReady(1, "vt7");
  }

  private static VmResult.StepDone launched() {
    return new VmResult.HypervisorLaunched(1, VmSamples.handle(101));
  }

  /** In the words of the tables; claims in the order in which they are declared. */
  private static String told(Outstanding outstanding) {
    return switch (outstanding) {
      case Outstanding.Step(var step) -> "step " + step;
      case Outstanding.AskAddress _ -> "ask address";
      case Outstanding.Adopt _ -> "adopt";
      case Outstanding.Shutdown _ -> "shutdown";
      case Outstanding.Kill _ -> "kill";
      case Outstanding.Release(var claims) ->
          String.join(
              " ",
              Stream.concat(Stream.of("release"), new TreeSet<>(claims).stream().map(Claim::name))
                  .toList());
      case Outstanding.ReturnAddress _ -> "return address";
      case Outstanding.PlanRestart _ -> "plan restart";
      case Outstanding.AwaitRestart _ -> "await restart";
      case Outstanding.Nothing _ -> "-";
    };
  }
}
