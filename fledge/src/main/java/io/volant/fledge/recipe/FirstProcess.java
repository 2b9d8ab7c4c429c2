package io.volant.fledge.recipe;

import io.volant.manifest.InitMode;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Who is the first process of an initramfs. */
public sealed interface FirstProcess {
  /** What the manifest says about it; null: what it need not say. */
  @Nullable InitMode manifestMode();

  /** kestrel, from this source. */
  record Kestrel(AgentSource agent) implements FirstProcess {
    @Override
    public @Nullable InitMode manifestMode() {
      return null;
    }
  }

  /** A program or script of the user's. */
  record Custom(Path file) implements FirstProcess {
    @Override
    public InitMode manifestMode() {
      return InitMode.CUSTOM;
    }
  }

  /** Whatever the mappings or the container image have at {@code /init}. */
  record Brought() implements FirstProcess {
    @Override
    public InitMode manifestMode() {
      return InitMode.NONE;
    }
  }
}
