package io.volant.vm;

import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The kernels that this host has. */
public interface KernelShelf {

  /**
   * Chooses a kernel: the named one (a name on the shelf, or an absolute path of an image), else
   * our own where it was built, else the distribution's.
   *
   * @return the kernel, or a failure that tells how to get one
   */
  CompletionStage<LaunchSpec.Kernel> choose(@Nullable String name);
}
