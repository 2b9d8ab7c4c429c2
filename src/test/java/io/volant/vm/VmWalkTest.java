package io.volant.vm;

import static org.assertj.core.api.Assertions.assertThat;

import io.volant.vm.VmConfig.NetworkMode;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tells a VM arbitrary things in arbitrary order. Whatever it is told, its rules never lead to an
 * event that its state cannot take, and what it may hold on the host is claimed.
 */
class VmWalkTest {

  private static final int STEPS = 4_000;

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13, 14, 15, 16, 17, 18})
  void no_order_of_messages_breaks_a_vm(long seed) {
    Random random = new Random(seed);
    NetworkMode network = random.nextBoolean() ? NetworkMode.BRIDGED : NetworkMode.VSOCK;
    Vm vm = VmSamples.created(VmSamples.config(network, random.nextInt(4) > 0));
    int deleted = 0;
    for (int step = 0; step < STEPS; step++) {
      String place = "seed " + seed + " step " + step + " in " + vm.phase();
      Vm after = VmSamples.apply(vm, next(vm, random));
      assertThat(after.attempt()).as(place).isGreaterThanOrEqualTo(vm.attempt());
      assertInvariants(after, place);
      vm = after;
      if (vm.phase() instanceof Phase.Deleted && ++deleted > 20) { // life is over; begin again
        vm = VmSamples.created(vm.config().config());
        deleted = 0;
      }
    }
  }

  private static void assertInvariants(Vm vm, String place) {
    Set<Claim> claims = vm.holdings().claims();
    Restarts restarts = vm.intent().restarts();
    if (restarts.due() != null) {
      assertThat(vm.phase()).as(place).isInstanceOf(Phase.Crashed.class);
      assertThat(vm.intent().policy().when()).as(place).isNotEqualTo(RestartPolicy.When.NO);
    }
    if (vm.atRest()) {
      assertThat(vm.config()).as(place).isEqualTo(vm.intent().newest());
    }
    if (vm.handle() != null) {
      assertThat(claims).as(place).contains(Claim.PROCESS);
    }
    if (vm.holdings().lease() != null) {
      assertThat(claims).as(place).contains(Claim.ADDRESS);
    }
    switch (vm.phase()) {
      case Phase.Starting(var step) -> assertThat(claims).as(place).containsAll(step.claims());
      case Phase.Running _ -> assertThat(vm.handle()).as(place).isNotNull();
      case Phase.Ending _ -> {}
      case Phase.Stopped _, Phase.Crashed _ ->
          assertThat(Set.of(Claim.FOLDER)).as(place).containsAll(claims);
      case Phase.Deleted _ -> assertThat(claims).as(place).isEmpty();
    }
  }

  private static Decision next(Vm vm, Random random) {
    return switch (random.nextInt(10)) {
      case 0 -> command(vm, random);
      case 1, 2, 3, 4, 5 -> sensible(vm, random);
      default -> anything(vm, random);
    };
  }

  private static Decision command(Vm vm, Random random) {
    List<Function<Vm, Decision>> commands =
        List.of(VmRules::start, VmRules::stop, VmRules::restart, VmRules::delete);
    int index = random.nextInt(13) / 4; // delete is rarer: it ends the story
    return commands.get(index).apply(vm);
  }

  /** What the ports would answer to what is outstanding. */
  private static Decision sensible(Vm vm, Random random) {
    int attempt = vm.attempt();
    return switch (Outstanding.of(vm, random.nextInt(5) > 0)) {
      case Outstanding.Step(var step) ->
          random.nextInt(6) == 0
              ? VmRules.stepFailed(vm, new VmResult.StepFailed(attempt, step, "no"))
              : VmRules.stepDone(vm, done(step, attempt));
      case Outstanding.AskAddress _ ->
          Decision.facts(s -> new VmEvent.AddressLeased(s, attempt, VmSamples.LEASE));
      case Outstanding.Adopt _ ->
          random.nextBoolean()
              ? Decision.facts(s -> new VmEvent.Adopted(s, attempt))
              : Decision.facts(s -> new VmEvent.Exited(s, attempt, VmSamples.EXIT));
      case Outstanding.Shutdown _, Outstanding.Kill _ ->
          VmRules.exited(vm, new VmResult.HypervisorExited(attempt, VmSamples.EXIT));
      case Outstanding.Release(var claims) -> VmRules.released(vm, told(attempt, claims, random));
      case Outstanding.ReturnAddress _ -> VmRules.addressReturned(vm);
      case Outstanding.PlanRestart _ -> VmRules.planRestart(vm, VmSamples.NOW, random.nextDouble());
      case Outstanding.AwaitRestart _ -> VmRules.restartDue(vm);
      case Outstanding.Nothing _ ->
          new Decision.Facts(GuestNews.of(vm, signal(random), VmSamples.NOW));
    };
  }

  /** What might come at a time at which nobody waits for it, also from an earlier start. */
  private static Decision anything(Vm vm, Random random) {
    int attempt = Math.max(1, vm.attempt() - random.nextInt(2));
    StartStep step = any(random, StartStep.values());
    return switch (random.nextInt(9)) {
      case 6 -> VmRules.planRestart(vm, VmSamples.NOW, random.nextDouble());
      case 7 -> VmRules.restartDue(vm);
      case 8 -> changed(vm, random);
      case 0 -> VmRules.stepFailed(vm, new VmResult.StepFailed(attempt, step, "no"));
      case 1 ->
          step == StartStep.LAUNCH ? Decision.nothing() : VmRules.stepDone(vm, done(step, attempt));
      case 2 -> VmRules.exited(vm, new VmResult.HypervisorExited(attempt, VmSamples.EXIT));
      case 3 -> VmRules.addressReturned(vm);
      case 4 -> VmRules.released(vm, told(attempt, Set.of(Claim.TAP), random));
      default -> new Decision.Facts(GuestNews.of(vm, signal(random), VmSamples.NOW));
    };
  }

  /** Any policy, another network; mostly for the newest version. */
  private static Decision changed(Vm vm, Random random) {
    RestartPolicy policy =
        new RestartPolicy(any(random, RestartPolicy.When.values()), random.nextInt(3), 1, 9);
    VmConfig config = VmSamples.config(any(random, NetworkMode.values()), vm.hasAgent());
    int base = vm.intent().newest().version() - random.nextInt(4) / 3;
    return VmRules.changeConfig(vm, base, VmSamples.with(config, policy));
  }

  private static VmResult.StepDone done(StartStep step, int attempt) {
    return switch (step) {
      case ARTIFACTS -> new VmResult.ArtifactsFetched(attempt, VmSamples.SOURCES);
      case DISKS, ADDRESS -> new VmResult.FolderPrepared(attempt, VmSamples.PREPARED);
      case TAP, GUEST -> new VmResult.TapReady(attempt, "vt7");
      case LAUNCH -> new VmResult.HypervisorLaunched(attempt, VmSamples.handle(100 + attempt));
    };
  }

  private static VmResult.ReleaseTold told(int attempt, Set<Claim> claims, Random random) {
    EnumSet<Claim> released = EnumSet.noneOf(Claim.class);
    for (Claim claim : Claim.values()) {
      if (claims.contains(claim)) {
        if (random.nextInt(5) == 0) {
          return new VmResult.ReleaseTold(attempt, released, Map.of(claim, "busy"));
        }
        released.add(claim);
      }
    }
    return new VmResult.ReleaseTold(attempt, released, Map.of());
  }

  /** What a guest may say, with numbers that no honest one would send. */
  private static GuestSignal signal(Random random) {
    List<Long> times = List.of(0L, 5L, -1L, Long.MAX_VALUE, Long.MIN_VALUE);
    long time = times.get(random.nextInt(times.size()));
    int run = random.nextInt(-2, 6);
    return switch (random.nextInt(6)) {
      case 0 -> new GuestSignal.LinkUp();
      case 1 ->
          new GuestSignal.Ready(
              time, -time, "1", List.of(new GuestSignal.BootStep("healthy", time / 2)));
      case 2 -> new GuestSignal.WorkloadStarted(run, time, time);
      case 3 -> new GuestSignal.WorkloadExited(run, 1, null, time, time);
      case 4 -> new GuestSignal.HealthChanged(any(random, Health.values()), "x".repeat(999));
      default -> new GuestSignal.Stats(time, time, time);
    };
  }

  private static <T> T any(Random random, T[] values) {
    return values[random.nextInt(values.length)];
  }
}
