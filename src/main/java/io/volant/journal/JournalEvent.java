package io.volant.journal;

import com.fasterxml.jackson.annotation.JsonTypeName;
import io.volant.model.Stamp;

/**
 * A stored fact. The journal is a file format: every event type has a stable name of ours (never
 * its class name), and a golden file that a test reads back for ever.
 */
public interface JournalEvent {

  /** What the event tells about itself. */
  Stamp stamp();

  /** The stored name, such as {@code vm.launched}. */
  default String type() {
    JsonTypeName name = getClass().getAnnotation(JsonTypeName.class);
    if (name == null) {
      throw new IllegalStateException(getClass() + " has no @JsonTypeName");
    }
    return name.value();
  }
}
