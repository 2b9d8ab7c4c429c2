package io.volant.vm;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One walk over what a VM holds, giving each thing back: the only place that releases. The process
 * goes first, since it uses the rest; what follows a failure is left for the next round.
 */
final class ReleaseRound {

  private final VmPorts ports;

  ReleaseRound(VmPorts ports) {
    this.ports = ports;
  }

  CompletionStage<VmResult.ReleaseTold> run(Vm vm, Set<Claim> claims) {
    EnumSet<Claim> released = EnumSet.noneOf(Claim.class);
    EnumMap<Claim, String> failed = new EnumMap<>(Claim.class);
    CompletionStage<Boolean> walk = CompletableFuture.completedFuture(true);
    for (Claim claim : Claim.values()) { // declared in the order of release
      if (!claims.contains(claim)) {
        continue;
      }
      walk =
          walk.thenCompose(goOn ->
              goOn
                  ? release(vm, claim)
                      .handle((_, failure) -> note(claim, failure, released, failed))
                  : CompletableFuture.completedFuture(false));
    }
    return walk.thenApply(
        _ -> new VmResult.ReleaseTold(vm.attempt(), Set.copyOf(released), Map.copyOf(failed)));
  }

  private CompletionStage<?> release(Vm vm, Claim claim) {
    return switch (claim) {
      case PROCESS ->
          ports
              .hypervisor()
              .kill(new KillSpec(vm.id(), ports.folders().pathOf(vm.id()), vm.handle()));
      case TAP -> ports.taps().remove(vm.id().tapName());
      case RUN_FILES -> ports.folders().release(vm.id());
      case FOLDER -> ports.folders().delete(vm.id());
      case ADDRESS -> throw new IllegalStateException("an address is returned to the host");
    };
  }

  private static boolean note(
      Claim claim, @Nullable Throwable failure, Set<Claim> released, Map<Claim, String> failed) {
    if (failure == null) {
      released.add(claim);
      return true;
    }
    failed.put(claim, text(failure));
    return false;
  }

  /**
   * What the round told, or, where a port threw instead of answering, that nothing was released.
   */
  static VmResult.ReleaseTold toldOr(
      int attempt,
      Set<Claim> claims,
      VmResult.@Nullable ReleaseTold told,
      @Nullable Throwable failure) {
    if (told != null) {
      return told;
    }
    Claim first = claims.stream().sorted().findFirst().orElse(Claim.PROCESS);
    return new VmResult.ReleaseTold(attempt, Set.of(), Map.of(first, text(failure)));
  }

  /** A failure in one line for people. */
  static String text(@Nullable Throwable failure) {
    Throwable root = failure;
    while (root instanceof CompletionException && root.getCause() != null) {
      root = root.getCause();
    }
    if (root == null) {
      return "unknown";
    }
    String message = root.getMessage();
    return message == null ? root.getClass().getSimpleName() : message;
  }
}
