package io.volant.fake;

import io.volant.artifact.ArtifactStore;
import io.volant.vm.Guest;
import io.volant.vm.HealthProbes;
import io.volant.vm.Hypervisor;
import io.volant.vm.KernelShelf;
import io.volant.vm.Taps;
import io.volant.vm.VmDisks;
import io.volant.vm.VmFolders;
import io.volant.vm.VmPorts;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Ports through which a dead daemon does nothing any more: no effect, and no answer. */
public final class DeadManSwitch {

  private final BooleanSupplier dead;

  public DeadManSwitch(BooleanSupplier dead) {
    this.dead = dead;
  }

  /** The same ports, as long as the daemon lives. */
  public VmPorts wrap(VmPorts ports) {
    return new VmPorts(
        wrap(Hypervisor.class, ports.hypervisor()),
        wrap(Guest.class, ports.guest()),
        wrap(HealthProbes.class, ports.probes()),
        wrap(Taps.class, ports.taps()),
        wrap(VmFolders.class, ports.folders()),
        wrap(VmDisks.class, ports.disks()),
        wrap(KernelShelf.class, ports.kernels()),
        wrap(ArtifactStore.class, ports.artifacts()));
  }

  private <T> T wrap(Class<T> type, T port) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (_, method, arguments) -> call(port, method, arguments)));
  }

  @SuppressWarnings("FutureReturnValueIgnored") // the port's caller has it
  private @Nullable Object call(Object port, Method method, Object @Nullable [] arguments)
      throws Throwable {
    if (dead.getAsBoolean() && method.getReturnType() == CompletionStage.class) {
      return new CompletableFuture<>();
    }
    if (dead.getAsBoolean() && method.getReturnType() == void.class) {
      return null;
    }
    try {
      return method.invoke(port, arguments);
    } catch (InvocationTargetException wrapped) {
      throw wrapped.getCause();
    }
  }
}
