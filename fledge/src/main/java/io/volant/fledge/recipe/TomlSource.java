package io.volant.fledge.recipe;

import io.volant.fledge.report.OneLine;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseOptions;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/** A TOML file that has been parsed, and the mistakes found in it so far. */
final class TomlSource {
  /** People write these files; 1 MiB is far more than they need. */
  static final int BYTES_MAX = 1024 * 1024;

  private static final int DEPTH_MAX = 16;
  private static final int MISTAKES_MAX = 50;

  private final String name;
  private final TomlTable root;
  private final List<Mistake> mistakes = new ArrayList<>();

  private TomlSource(String name, TomlTable root) {
    this.name = name;
    this.root = root;
  }

  /** Reads and parses a file; what cannot be read or parsed shows in {@link #mistakes()}. */
  static TomlSource of(Path file) {
    String name = file.toString();
    try (InputStream input = Files.newInputStream(file)) {
      return of(name, input.readNBytes(BYTES_MAX + 1));
    } catch (NoSuchFileException missing) {
      return unreadable(name, "there is no such file");
    } catch (IOException failure) {
      return unreadable(name, "cannot be read: " + failure.getMessage());
    }
  }

  /** Parses a document under the name that its mistakes are to have. */
  static TomlSource of(String name, byte[] document) {
    if (document.length > BYTES_MAX) {
      return unreadable(name, "must be at most " + BYTES_MAX + " bytes");
    }
    try {
      String text =
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(document)).toString();
      TomlParseResult result =
          Toml.parse(text, TomlParseOptions.sourceless().withMaxNestingDepth(DEPTH_MAX));
      TomlSource source = new TomlSource(name, result);
      for (TomlParseError error : result.errors()) {
        source.add(error.position(), String.valueOf(error.getMessage()));
      }
      return source;
    } catch (CharacterCodingException notText) {
      return unreadable(name, "must be UTF-8 text");
    }
  }

  private static TomlSource unreadable(String name, String message) {
    TomlSource source = new TomlSource(name, Toml.parse(""));
    source.add(null, message);
    return source;
  }

  /** The whole document; empty when it could not be read. */
  TomlTable table() {
    return root;
  }

  /** The name that mistakes have. */
  String name() {
    return name;
  }

  /** The keys of the table at this path, if there is one. */
  Set<String> keysAt(List<String> path) {
    if (path.isEmpty()) {
      return root.keySet();
    }
    return root.get(path) instanceof TomlTable table ? table.keySet() : Set.of();
  }

  /**
   * Adds a mistake at a key. The entries of an array are reached by their index; what is not there
   * has the place of the nearest table or array around it.
   */
  void mistake(List<String> path, String message) {
    TomlPosition place = null;
    Object value = root;
    for (String step : path) {
      TomlPosition next = placeIn(value, step);
      if (next == null) {
        break;
      }
      place = next;
      value = valueIn(value, step);
    }
    add(place, message);
  }

  private static @Nullable TomlPosition placeIn(@Nullable Object container, String step) {
    return switch (container) {
      case TomlTable table -> table.inputPositionOf(List.of(step));
      case TomlArray array when isIndex(step, array) ->
          array.inputPositionOf(Integer.parseInt(step));
      case null, default -> null;
    };
  }

  private static @Nullable Object valueIn(@Nullable Object container, String step) {
    return switch (container) {
      case TomlTable table -> table.get(List.of(step));
      case TomlArray array when isIndex(step, array) -> array.get(Integer.parseInt(step));
      case null, default -> null;
    };
  }

  private static boolean isIndex(String step, TomlArray array) {
    return step.matches("[0-9]{1,9}") && Integer.parseInt(step) < array.size();
  }

  /** What is wrong, at most 50 mistakes, in the order of the file. */
  List<Mistake> mistakes() {
    Comparator<Mistake> byPlace = Comparator.comparingInt(Mistake::line);
    return mistakes.stream().sorted(byPlace.thenComparingInt(Mistake::column)).toList();
  }

  /** Whether any mistake has been found. */
  boolean isWrong() {
    return !mistakes.isEmpty();
  }

  /** Whether there is something at this path, and no mistake has been found there. */
  boolean isGoodSoFar(List<String> path) {
    TomlPosition place = root.inputPositionOf(path);
    return place != null
        && mistakes.stream()
            .noneMatch(
                mistake -> mistake.line() == place.line() && mistake.column() == place.column());
  }

  private void add(@Nullable TomlPosition place, String message) {
    int line = place == null ? 0 : place.line();
    int column = place == null ? 0 : place.column();
    Mistake mistake = new Mistake(name, line, column, OneLine.of(message));
    // A key that is asked for twice is wrong only once.
    if (mistakes.size() < MISTAKES_MAX && !mistakes.contains(mistake)) {
      mistakes.add(mistake);
    }
  }
}
