package io.volant.fledge.recipe;

import io.volant.manifest.OverlayKind;
import org.jspecify.annotations.Nullable;

/**
 * What a recipe says about a guest's changes to a read-only file system.
 *
 * @param kind where they go; null: the host decides by the size
 * @param size how much of them, such as {@code 1G} or {@code 50%}; null: the host's default
 */
public record Overlay(@Nullable OverlayKind kind, @Nullable String size) {
  /** A recipe that says nothing. */
  public static final Overlay UNSAID = new Overlay(null, null);
}
