package io.volant;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Reads single settings, and says what is wrong with one in a line that names it. */
final class SettingsReader {

  private final Config config;
  private final String prefix;

  SettingsReader(Config config) {
    this(config, "");
  }

  private SettingsReader(Config config, String prefix) {
    this.config = config;
    this.prefix = prefix;
  }

  String text(String key) {
    return get(key, "a text", config::getString).strip();
  }

  String matching(String key, String pattern, String allowed) {
    String value = text(key);
    if (!value.matches(pattern)) {
      throw new SettingsException(prefix + key, "\"" + value + "\"", allowed);
    }
    return value;
  }

  List<String> texts(String key) {
    return get(key, "a list of texts", config::getStringList).stream()
        .map(String::strip)
        .filter(value -> !value.isEmpty())
        .toList();
  }

  /** A reader for each object of a list; what it complains about it names by its place. */
  List<SettingsReader> each(String key, int max) {
    List<? extends Config> objects = get(key, "a list of objects in braces", config::getConfigList);
    if (objects.size() > max) {
      throw new SettingsException(prefix + key, objects.size() + " objects", "at most " + max);
    }
    return IntStream.range(0, objects.size())
        .mapToObj(at -> new SettingsReader(objects.get(at), prefix + key + "[" + at + "]."))
        .toList();
  }

  /** What is to be thrown about a value that only the caller can judge. */
  SettingsException wrong(String key, Object value, String allowed) {
    return new SettingsException(prefix + key, value, allowed);
  }

  boolean flag(String key) {
    return get(key, "true or false", config::getBoolean);
  }

  int number(String key, int min, int max) {
    String allowed = "a whole number from " + min + " to " + max;
    int value = get(key, allowed, config::getInt);
    if (value < min || value > max) {
      throw new SettingsException(prefix + key, value, allowed);
    }
    return value;
  }

  long bytes(String key, long min, long max) {
    String allowed = "a size from " + min + " to " + max + " bytes, such as 4 MiB";
    long value = get(key, allowed, config::getBytes);
    if (value < min || value > max) {
      throw new SettingsException(prefix + key, value, allowed);
    }
    return value;
  }

  long millis(String key, Duration min, Duration max) {
    return duration(key, min, max).toMillis();
  }

  Duration duration(String key, Duration min, Duration max) {
    String allowed = "a time from " + shown(min) + " to " + shown(max) + ", such as 5 s";
    Duration value = get(key, allowed, config::getDuration);
    if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
      throw new SettingsException(prefix + key, shown(value), allowed);
    }
    return value;
  }

  <E extends Enum<E>> E choice(String key, Class<E> type) {
    String value = text(key);
    for (E constant : type.getEnumConstants()) {
      if (constant.name().equalsIgnoreCase(value)) {
        return constant;
      }
    }
    String allowed =
        Arrays.stream(type.getEnumConstants())
            .map(constant -> constant.name().toLowerCase(Locale.ROOT))
            .collect(Collectors.joining(", "));
    throw new SettingsException(prefix + key, "\"" + value + "\"", "one of " + allowed);
  }

  /** A value that a parser understands; the parser's own words say what is wrong otherwise. */
  <T> T parsed(String key, Function<String, T> parser) {
    String value = text(key);
    try {
      return parser.apply(value);
    } catch (IllegalArgumentException wrong) {
      throw new SettingsException(prefix + key + " = \"" + value + "\": " + wrong.getMessage());
    }
  }

  private <T> T get(String key, String allowed, Function<String, T> getter) {
    try {
      return getter.apply(key);
    } catch (ConfigException.Missing missing) {
      throw new SettingsException(prefix + key + " is missing: must be " + allowed);
    } catch (ConfigException.WrongType | ConfigException.BadValue wrong) {
      throw new SettingsException(prefix + key, config.getValue(key).unwrapped(), allowed);
    }
  }

  private static String shown(Duration duration) {
    return duration.toMillis() % 1000 == 0
        ? duration.toSeconds() + " s"
        : duration.toMillis() + " ms";
  }
}
