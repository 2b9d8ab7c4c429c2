package io.volant.manifest;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Copies that nobody can change. Absent means empty, and a map keeps the order of its document. */
final class Frozen {
  private Frozen() {}

  static <T> List<T> list(@Nullable List<T> items) {
    return items == null ? List.of() : List.copyOf(items);
  }

  // Map.copyOf forgets the order, and with it a manifest would not be written as it was read.
  static <V> Map<String, V> map(@Nullable Map<String, V> entries) {
    return entries == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(entries));
  }
}
