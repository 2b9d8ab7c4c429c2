package io.volant.vm;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * When each step of the VM's latest start was done.
 *
 * @param attempt which start
 * @param cause id of the request or event that the start goes back to
 * @param marks in the order in which they became known
 */
public record Timeline(int attempt, String cause, List<Mark> marks) {

  /** More than any boot has: what a guest may make us remember. */
  private static final int MARKS_MAX = 100;

  public Timeline {
    marks = List.copyOf(marks);
  }

  /** Who measured a time. */
  public enum Source {
    HOST,
    GUEST
  }

  /** A step and when it was done. */
  public record Mark(String step, Instant at, Source source) {}

  static Timeline none() {
    return new Timeline(0, "", List.of());
  }

  /** This timeline with one more host mark; a step is marked once only. */
  Timeline with(String step, Instant at) {
    if (has(step)) {
      return this;
    }
    return with(List.of(new Mark(step, at, Source.HOST)));
  }

  Timeline with(List<Mark> more) {
    List<Mark> all = new ArrayList<>(marks);
    more.stream().limit(MARKS_MAX - Math.min(MARKS_MAX, all.size())).forEach(all::add);
    return new Timeline(attempt, cause, all);
  }

  /** When the host saw this step done. */
  Optional<Instant> at(String step) {
    return marks.stream()
        .filter(mark -> mark.source() == Source.HOST && mark.step().equals(step))
        .map(Mark::at)
        .findFirst();
  }

  /** Whether the host saw this step done; a guest may call its own steps what it likes. */
  boolean has(String step) {
    return at(step).isPresent();
  }
}
