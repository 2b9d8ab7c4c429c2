package io.volant.fledge.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Something that a program can be told about a build. The names of the events and of their fields
 * are stable; there may be more of both later.
 */
public sealed interface BuildEvent {
  /** The event's name. */
  String name();

  /** The event's fields in their order. */
  Map<String, Object> fields();

  /** A step begins. */
  record Step(String title) implements BuildEvent {
    @Override
    public String name() {
      return "step";
    }

    @Override
    public Map<String, Object> fields() {
      return Map.of("title", title);
    }
  }

  /** Something for who wants to see everything. */
  record Detail(String line) implements BuildEvent {
    @Override
    public String name() {
      return "detail";
    }

    @Override
    public Map<String, Object> fields() {
      return Map.of("line", line);
    }
  }

  /** Something that the user should know although the build goes on. */
  record Warning(String line) implements BuildEvent {
    @Override
    public String name() {
      return "warning";
    }

    @Override
    public Map<String, Object> fields() {
      return Map.of("line", line);
    }
  }

  /**
   * How far something is that takes long.
   *
   * @param what what it is
   * @param doneBytes how much is done
   * @param totalBytes how much there is to do; -1: not known
   * @param finished whether this is its last event
   */
  record Amount(String what, long doneBytes, long totalBytes, boolean finished)
      implements BuildEvent {
    @Override
    public String name() {
      return "progress";
    }

    @Override
    public Map<String, Object> fields() {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("what", what);
      fields.put("done_bytes", doneBytes);
      if (totalBytes >= 0) {
        fields.put("total_bytes", totalBytes);
      }
      fields.put("finished", finished);
      return fields;
    }
  }

  /** The build is done: the last event. */
  record Result(String output, String manifest, String sha256, long sizeBytes)
      implements BuildEvent {
    @Override
    public String name() {
      return "result";
    }

    @Override
    public Map<String, Object> fields() {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("output", output);
      fields.put("manifest", manifest);
      fields.put("sha256", sha256);
      fields.put("size_bytes", sizeBytes);
      return fields;
    }
  }

  /**
   * The build has failed: the last event.
   *
   * @param error one line
   * @param code a word of {@link ExitCode#word()}
   * @param details one line a problem
   */
  record Failed(String error, String code, List<String> details) implements BuildEvent {
    /** Copies the list. */
    public Failed {
      details = List.copyOf(details);
    }

    /** Of the lines that a build ends with, at least one. */
    public static Failed of(ExitCode code, List<String> lines) {
      return new Failed(lines.getFirst(), code.word(), lines);
    }

    @Override
    public String name() {
      return "error";
    }

    @Override
    public Map<String, Object> fields() {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("error", error);
      fields.put("code", code);
      fields.put("details", details);
      return fields;
    }
  }
}
