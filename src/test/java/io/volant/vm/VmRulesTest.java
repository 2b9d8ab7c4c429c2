package io.volant.vm;

import static io.volant.vm.VmSamples.EXIT;
import static org.assertj.core.api.Assertions.assertThat;

import io.volant.model.Stamp;
import io.volant.vm.VmConfig.NetworkMode;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What a VM decides, cell by cell. */
class VmRulesTest {

  private static final Stamp STAMP = new Stamp("vm/7#9", "web", VmSamples.NOW, "ada", "request-2");

  /** A cell is what happens, why not, or a dash: accepted, and nothing happens. */
  private static final String COMMANDS =
      """
      PLACE       , START          , STOP           , RESTART    , DELETE    , CONFIG
      AT_ARTIFACTS, ALREADY_RUNNING, end STOP       , end RESTART, end DELETE, vm.config_changed
      AT_ADDRESS  , ALREADY_RUNNING, end STOP       , end RESTART, end DELETE, vm.config_changed
      AT_DISKS    , ALREADY_RUNNING, end STOP       , end RESTART, end DELETE, vm.config_changed
      AT_TAP      , ALREADY_RUNNING, end STOP       , end RESTART, end DELETE, vm.config_changed
      AT_LAUNCH   , ALREADY_RUNNING, end STOP       , end RESTART, end DELETE, vm.config_changed
      AT_GUEST    , ALREADY_RUNNING, end STOP       , end RESTART, end DELETE, vm.config_changed
      RUNNING     , ALREADY_RUNNING, end STOP       , end RESTART, end DELETE, vm.config_changed
      UNCERTAIN   , ALREADY_RUNNING, end STOP       , end RESTART, end DELETE, vm.config_changed
      STOPPING    , WRONG_STATE    , WRONG_STATE    , WRONG_STATE, end DELETE, vm.config_changed
      RESTARTING  , WRONG_STATE    , end STOP       , WRONG_STATE, end DELETE, vm.config_changed
      CRASHING    , WRONG_STATE    , WRONG_STATE    , WRONG_STATE, end DELETE, vm.config_changed
      DELETING    , WRONG_STATE    , WRONG_STATE    , WRONG_STATE, -         , WRONG_STATE
      STOPPED     , start 2        , ALREADY_STOPPED, start 2    , end DELETE, vm.config_changed
      CRASHED     , start 2        , ALREADY_STOPPED, start 2    , end DELETE, vm.config_changed
      DELETED     , NOT_FOUND      , NOT_FOUND      , NOT_FOUND  , -         , NOT_FOUND
      """;

  @ParameterizedTest
  @CsvSource(useHeadersInDisplayName = true, textBlock = COMMANDS)
  void a_command_is_decided_by_where_the_vm_is(
      Place place, String start, String stop, String restart, String delete, String config) {
    Vm vm = place.vm();
    assertThat(told(VmRules.start(vm))).as("start").isEqualTo(start);
    assertThat(told(VmRules.stop(vm))).as("stop").isEqualTo(stop);
    assertThat(told(VmRules.restart(vm))).as("restart").isEqualTo(restart);
    assertThat(told(VmRules.delete(vm))).as("delete").isEqualTo(delete);
    VmConfig other = VmSamples.config(NetworkMode.VSOCK, true);
    assertThat(told(VmRules.changeConfig(vm, 1, other))).as("config").isEqualTo(config);
  }

  @Test
  void the_table_leaves_nothing_out() {
    List<Vm> vms = Arrays.stream(Place.values()).map(Place::vm).toList();
    assertThat(COMMANDS.lines().skip(1).map(line -> line.split(",", 2)[0].strip()))
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(Place.values()).map(Place::name).toList());
    assertThat(vms.stream().map(vm -> vm.phase().getClass()).collect(Collectors.toSet()))
        .hasSameSizeAs(Phase.class.getPermittedSubclasses());
    assertThat(phases(vms, Phase.Starting.class).map(Phase.Starting::step))
        .containsExactlyInAnyOrder(StartStep.values());
    assertThat(phases(vms, Phase.Ending.class).map(Phase.Ending::then))
        .containsExactlyInAnyOrder(Then.values());
    assertThat(phases(vms, Phase.Running.class).map(Phase.Running::certain))
        .containsExactlyInAnyOrder(true, false);
  }

  @ParameterizedTest
  @EnumSource
  void a_refusal_names_the_vm(Place place) {
    Vm vm = place.vm();
    assertThat(
            Stream.of(VmRules.start(vm), VmRules.stop(vm), VmRules.restart(vm), VmRules.delete(vm)))
        .filteredOn(Decision.Refusal.class::isInstance)
        .allSatisfy(
            decision -> assertThat(((Decision.Refusal) decision).message()).startsWith("VM web "));
  }

  /** What comes from the current start, and where it counts. */
  private static final String RESULTS =
      """
      PLACE       , FETCHED           , PREPARED      , CONNECTED, LAUNCHED   , EXITED   , RELEASED
      AT_ARTIFACTS, vm.artifacts_ready, -             , -        , -          , -        , -
      AT_ADDRESS  , -                 , -             , -        , -          , -        , -
      AT_DISKS    , -                 , vm.disks_ready, -        , -          , -        , -
      AT_TAP      , -                 , -             , vm.tap_up, -          , -        , -
      AT_LAUNCH   , -                 , -             , -        , vm.launched, -        , -
      AT_GUEST    , -                 , -             , -        , -          , vm.exited, -
      RUNNING     , -                 , -             , -        , -          , vm.exited, -
      UNCERTAIN   , -                 , -             , -        , -          , vm.exited, -
      STOPPING    , -                 , -             , -        , vm.launched, vm.exited, vm.released
      RESTARTING  , -                 , -             , -        , vm.launched, vm.exited, vm.released
      CRASHING    , -                 , -             , -        , vm.launched, vm.exited, vm.released
      DELETING    , -                 , -             , -        , vm.launched, vm.exited, vm.released
      STOPPED     , -                 , -             , -        , -          , -        , -
      CRASHED     , -                 , -             , -        , -          , -        , -
      DELETED     , -                 , -             , -        , -          , -        , -
      """;

  @ParameterizedTest
  @CsvSource(useHeadersInDisplayName = true, textBlock = RESULTS)
  void a_result_counts_while_it_is_awaited(
      Place place,
      String fetched,
      String prepared,
      String connected,
      String launched,
      String exited,
      String released) {
    assertThat(results(place.vm(), 1))
        .containsExactly(fetched, prepared, connected, launched, exited, released);
  }

  @ParameterizedTest
  @EnumSource
  void what_another_start_tells_changes_nothing(Place place) {
    assertThat(results(place.vm(), 0)).as("an earlier one").containsOnly("-");
    assertThat(results(place.vm(), 2)).as("a later one").containsOnly("-");
    for (StartStep step : StartStep.values()) {
      assertThat(told(VmRules.stepFailed(place.vm(), failed(0, step)))).isEqualTo("-");
      assertThat(told(VmRules.stepFailed(place.vm(), failed(2, step)))).isEqualTo("-");
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_step_fails_only_while_it_is_being_done(Place place) {
    for (StartStep step : StartStep.values()) {
      boolean awaited = place.name().equals("AT_" + step);
      assertThat(told(VmRules.stepFailed(place.vm(), failed(1, step))))
          .as("%s failed", step)
          .isEqualTo(awaited ? "vm.start_failed" : "-");
    }
  }

  @Test
  void a_vm_without_an_agent_is_up_when_its_process_is() {
    Vm vm = VmSamples.created(VmSamples.config(NetworkMode.VSOCK, false));
    vm = VmSamples.apply(vm, VmRules.stepDone(vm, fetched(1)));
    vm = VmSamples.apply(vm, VmRules.stepDone(vm, prepared(1)));
    Decision decision = VmRules.stepDone(vm, launched(1));
    assertThat(told(decision)).isEqualTo("vm.launched vm.running");
    assertThat(VmSamples.apply(vm, decision).phase()).isInstanceOf(Phase.Running.class);
  }

  @ParameterizedTest
  @CsvSource({
    "STOPPING  , vm.released vm.stopped",
    "RESTARTING, vm.released vm.stopped start 2",
    "CRASHING  , vm.released vm.crashed",
    "DELETING  , vm.released vm.deleted",
  })
  void an_address_given_back_brings_the_vm_to_rest(Place place, String expected) {
    Vm vm = place.vm();
    assertThat(told(VmRules.addressReturned(vm))).as("while the process is there").isEqualTo("-");
    vm = VmSamples.apply(vm, VmRules.exited(vm, new VmResult.HypervisorExited(1, EXIT)));
    assertThat(told(VmRules.addressReturned(vm))).as("while the tap is there").isEqualTo("-");
    Set<Claim> all = Set.of(Claim.PROCESS, Claim.TAP, Claim.RUN_FILES, Claim.FOLDER);
    vm = VmSamples.apply(vm, VmRules.released(vm, told(all, Map.of())));
    assertThat(vm.phase()).as("the address is still lent").isInstanceOf(Phase.Ending.class);
    assertThat(told(VmRules.addressReturned(vm))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "STOP   , vm.released vm.stopped",
    "RESTART, vm.released vm.stopped start 2",
    "DELETE , vm.released",
  })
  void without_an_address_the_last_release_brings_it_to_rest(Then then, String expected) {
    Vm vm = VmSamples.created(VmSamples.config(NetworkMode.VSOCK, true));
    vm = VmSamples.apply(vm, VmRules.stepDone(vm, fetched(1)));
    vm = VmSamples.apply(vm, Decision.facts(stamp -> new VmEvent.EndRequested(stamp, 1, then)));
    VmResult.ReleaseTold butTheFolder = told(Set.of(Claim.RUN_FILES), Map.of());
    assertThat(told(VmRules.released(vm, butTheFolder))).isEqualTo(expected);
    VmResult.ReleaseTold withIt = told(Set.of(Claim.RUN_FILES, Claim.FOLDER), Map.of());
    assertThat(told(VmRules.released(vm, withIt)))
        .isEqualTo(then == Then.DELETE ? "vm.released vm.deleted" : expected);
  }

  @Test
  void a_release_that_fails_again_for_the_same_reason_is_told_once() {
    Vm vm = Place.DELETING.vm();
    vm = VmSamples.apply(vm, VmRules.exited(vm, new VmResult.HypervisorExited(1, EXIT)));
    VmResult.ReleaseTold busy = told(Set.of(), Map.of(Claim.TAP, "busy"));
    Decision first = VmRules.released(vm, busy);
    assertThat(told(first)).isEqualTo("vm.release_failed");
    vm = VmSamples.apply(vm, first);
    assertThat(told(VmRules.released(vm, busy))).isEqualTo("-");
    assertThat(told(VmRules.released(vm, told(Set.of(), Map.of(Claim.TAP, "no right")))))
        .isEqualTo("vm.release_failed");
  }

  @Test
  void a_lease_that_came_with_the_request_is_stored_with_it() {
    VmConfig config = VmSamples.config(NetworkMode.BRIDGED, true);
    assertThat(told(VmRules.create(VmSamples.ID, config, null))).isEqualTo("vm.created start 1");
    assertThat(told(VmRules.create(VmSamples.ID, config, VmSamples.LEASE)))
        .isEqualTo("vm.created start 1 vm.address_leased");
  }

  private static List<String> results(Vm vm, int attempt) {
    VmResult.ReleaseTold tap = new VmResult.ReleaseTold(attempt, Set.of(Claim.TAP), Map.of());
    return Stream.of(
            VmRules.stepDone(vm, fetched(attempt)),
            VmRules.stepDone(vm, prepared(attempt)),
            VmRules.stepDone(vm, new VmResult.TapReady(attempt, "vt7")),
            VmRules.stepDone(vm, launched(attempt)),
            VmRules.exited(vm, new VmResult.HypervisorExited(attempt, EXIT)),
            VmRules.released(vm, tap))
        .map(VmRulesTest::told)
        .toList();
  }

  private static VmResult.StepDone fetched(int attempt) {
    return new VmResult.ArtifactsFetched(attempt, VmSamples.SOURCES);
  }

  private static VmResult.StepDone prepared(int attempt) {
    return new VmResult.FolderPrepared(attempt, VmSamples.PREPARED);
  }

  private static VmResult.StepDone launched(int attempt) {
    return new VmResult.HypervisorLaunched(attempt, VmSamples.handle(101));
  }

  private static VmResult.StepFailed failed(int attempt, StartStep step) {
    return new VmResult.StepFailed(attempt, step, "no");
  }

  private static VmResult.ReleaseTold told(Set<Claim> released, Map<Claim, String> failed) {
    return new VmResult.ReleaseTold(1, released, failed);
  }

  private static <P extends Phase> Stream<P> phases(List<Vm> vms, Class<P> type) {
    return vms.stream().map(Vm::phase).filter(type::isInstance).map(type::cast);
  }

  /** A decision in the words of the tables. */
  private static String told(Decision decision) {
    return switch (decision) {
      case Decision.Refusal(var reason, _) -> reason.name();
      case Decision.Facts(var facts) ->
          facts.isEmpty()
              ? "-"
              : facts.stream()
                  .map(fact -> told(fact.stamped(STAMP)))
                  .collect(Collectors.joining(" "));
    };
  }

  private static String told(VmEvent event) {
    if (event instanceof VmEvent.EndRequested(_, _, var then)) {
      return "end " + then;
    }
    return event instanceof VmEvent.StartRequested(_, int attempt)
        ? "start " + attempt
        : event.type();
  }
}
