package io.volant.deployment;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * The config that every replica of a revision is made from, as it was given: whoever makes a VM of
 * it resolves it against the plugin as it is then.
 */
public final class VmTemplate {

  /** Fields that are merged part by part; all others are replaced as a whole. */
  private static final List<String> MERGED = List.of("resources", "api");

  private final ObjectNode tree;

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public VmTemplate(ObjectNode tree) {
    this.tree = tree.deepCopy();
  }

  /** The config as JSON; a copy, which may be changed. */
  @JsonValue
  public ObjectNode tree() {
    return tree.deepCopy();
  }

  /** The plugin that it names; empty if it names none. */
  public String plugin() {
    return tree.path("plugin").asText("");
  }

  /**
   * This config with the fields that {@code change} has. A new boot medium takes the place of the
   * other kind.
   */
  public VmTemplate with(ObjectNode change) {
    ObjectNode merged = tree();
    change
        .properties()
        .forEach(field -> {
          JsonNode was = merged.get(field.getKey());
          boolean parts = MERGED.contains(field.getKey());
          if (parts
              && was instanceof ObjectNode before
              && field.getValue() instanceof ObjectNode now) {
            before.setAll(now.deepCopy());
          } else {
            merged.set(field.getKey(), field.getValue().deepCopy());
          }
        });
    if (change.has("initramfs")) {
      merged.remove("rootfs");
    }
    if (change.has("rootfs")) {
      merged.remove("initramfs");
    }
    return new VmTemplate(merged);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof VmTemplate template && tree.equals(template.tree);
  }

  @Override
  public int hashCode() {
    return tree.hashCode();
  }

  @Override
  public String toString() {
    return tree.toString();
  }
}
