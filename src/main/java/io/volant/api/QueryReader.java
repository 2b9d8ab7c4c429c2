package io.volant.api;

import io.volant.model.FieldProblem;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.Query;
import org.apache.pekko.http.scaladsl.model.IllegalUriException;

/** Reads the parameters of a query and collects what is wrong with them. */
final class QueryReader {

  private final Query query;
  private final List<FieldProblem> problems = new ArrayList<>();

  private QueryReader(Query query) {
    this.query = query;
  }

  static QueryReader of(HttpRequest request) {
    try {
      return new QueryReader(request.getUri().query());
    } catch (IllegalUriException broken) {
      throw Problem.ofField("query", "cannot be read: " + Text.shown(broken.getMessage()))
          .asException();
    }
  }

  Optional<String> text(String name, int lengthMax) {
    Optional<String> value = query.get(name);
    if (value.isPresent() && value.get().length() > lengthMax) {
      problem(name, "must have at most " + lengthMax + " characters");
      return Optional.empty();
    }
    return value;
  }

  /** All values of a parameter that may be repeated, or hold several with commas in between. */
  List<String> list(String name) {
    return query.getAll(name).reversed().stream()
        .flatMap(value -> Arrays.stream(value.split(",", -1)))
        .map(String::strip)
        .filter(value -> !value.isEmpty())
        .toList();
  }

  /** A whole number in plain digits. */
  long number(String name, long min, long max, long otherwise) {
    Optional<String> value = query.get(name);
    if (value.isEmpty()) {
      return otherwise;
    }
    long number = digits(value.get());
    if (number < min || number > max) {
      problem(name, "must be a number from " + min + " to " + max + was(value.get()));
      return otherwise;
    }
    return number;
  }

  boolean flag(String name, boolean otherwise) {
    return choice(name, List.of("true", "false"))
        .map(value -> value.equals("true"))
        .orElse(otherwise);
  }

  /** What is on with {@code 1} or {@code true}, and else off. */
  boolean switched(String name) {
    return choice(name, List.of("1", "true", "0", "false"))
        .map(value -> value.equals("1") || value.equals("true"))
        .orElse(false);
  }

  /** All values of a parameter that may be repeated, in their order and as they are. */
  List<String> whole(String name) {
    return query.getAll(name).reversed();
  }

  Optional<String> choice(String name, List<String> allowed) {
    Optional<String> value = query.get(name);
    if (value.isPresent() && !allowed.contains(value.get())) {
      problem(name, "must be " + String.join(" or ", allowed) + was(value.get()));
      return Optional.empty();
    }
    return value;
  }

  void problem(String name, String message) {
    problems.add(new FieldProblem(name, message));
  }

  /** To be called when all is read: throws if anything was wrong. */
  void check() {
    if (!problems.isEmpty()) {
      throw Problem.ofFields(ErrorCode.INVALID_FIELD, problems).asException();
    }
  }

  static String was(String value) {
    return ", was '" + Text.shown(value) + "'";
  }

  /** The number, or -1. */
  static long digits(String text) {
    if (text.isEmpty() || text.length() > 19 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return -1;
    }
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException tooLarge) {
      return -1;
    }
  }
}
