package io.volant.fledge;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.tomlj.TomlTable;

/**
 * One table of a TOML file. A key is known when it has been asked for, so that the list of known
 * keys cannot differ from what is read; {@link #refuseOthers} makes a mistake of the rest. An
 * absent table reads as an empty one.
 */
final class Section {
  private final TomlSource source;
  private final List<String> path;
  private final Set<String> known = new HashSet<>();

  Section(TomlSource source, List<String> path) {
    this.source = source;
    this.path = List.copyOf(path);
  }

  boolean has(String key) {
    known.add(key);
    return keys().contains(key);
  }

  /**
   * The string under the key; null when there is none, or something else, which is then a mistake.
   */
  @Nullable String text(String key) {
    if (!has(key)) {
      return null;
    }
    if (value(key) instanceof String text) {
      return text;
    }
    mistake(key, key + " must be a string");
    return null;
  }

  /** Whether the key says true; something else than true or false is a mistake. */
  boolean flag(String key) {
    if (!has(key)) {
      return false;
    }
    if (value(key) instanceof Boolean flag) {
      return flag;
    }
    mistake(key, key + " must be true or false");
    return false;
  }

  /** The table under the key. */
  Section section(String key) {
    if (has(key) && !(value(key) instanceof TomlTable)) {
      mistake(key, key + " must be a table, written [" + key + "]");
    }
    return new Section(source, child(key));
  }

  boolean isEmpty() {
    return keys().isEmpty();
  }

  /** The keys as the file has them. */
  Set<String> keys() {
    return path.isEmpty() ? source.table().keySet() : tableKeys();
  }

  void mistake(String key, String message) {
    source.mistake(child(key), message);
  }

  /** Makes a mistake of every key that nobody has asked for. */
  void refuseOthers() {
    String where = path.isEmpty() ? "" : " in [" + String.join(".", path) + "]";
    for (String key : keys()) {
      if (!known.contains(key)) {
        mistake(
            key,
            "unknown key "
                + key
                + where
                + "; known: "
                + String.join(", ", known.stream().sorted().toList()));
      }
    }
  }

  private Set<String> tableKeys() {
    return source.table().get(path) instanceof TomlTable table ? table.keySet() : Set.of();
  }

  private @Nullable Object value(String key) {
    return source.table().get(child(key));
  }

  private List<String> child(String key) {
    List<String> child = new ArrayList<>(path);
    child.add(key);
    return child;
  }
}
