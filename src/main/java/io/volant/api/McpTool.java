package io.volant.api;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.pekko.http.javadsl.model.HttpMethod;
import org.apache.pekko.http.javadsl.model.HttpMethods;

/**
 * A tool for a language model: one operation of the API, with a name and a description that tell a
 * model when to use it.
 *
 * @param name unique
 * @param method the operation's
 * @param path the operation's; {@code {name}} is the argument of that name
 * @param query arguments that go into its query
 * @param body arguments that are its body
 */
record McpTool(
    String name,
    String description,
    HttpMethod method,
    String path,
    List<Argument> query,
    List<Argument> body) {

  private static final String VM = "/api/v1/vms/{name}";

  /**
   * An argument.
   *
   * @param kind what its value is
   */
  record Argument(String name, String description, Kind kind, boolean required) {

    /** What a value can be. */
    enum Kind {
      TEXT,
      NUMBER,
      WORDS
    }

    static Argument text(String name, String description) {
      return new Argument(name, description, Kind.TEXT, false);
    }

    static Argument number(String name, String description) {
      return new Argument(name, description, Kind.NUMBER, false);
    }

    static Argument words(String name, String description) {
      return new Argument(name, description, Kind.WORDS, false);
    }

    Argument needed() {
      return new Argument(name, description, kind, true);
    }
  }

  private static final Argument NAME = Argument.text("name", "The name of the VM.").needed();

  /** All that there are, in the order in which they are shown. */
  static final List<McpTool> ALL =
      List.of(
          reading(
              "list_vms",
              "Lists the VMs of this host with their state, address and health.",
              "/api/v1/vms",
              Argument.text("status", "Only VMs in this state, such as running or crashed."),
              Argument.text("plugin", "Only VMs made from this plugin."),
              Argument.number("limit", "At most so many."),
              Argument.number("offset", "Leave out so many at the beginning.")),
          reading("inspect_vm", "Shows everything that is known about one VM.", VM),
          reading(
              "vm_why",
              "Tells in sentences why a VM is as it is: what was asked last, by whom, and what"
                  + " happened since. The first thing to look at when a VM is not well.",
              VM + "/why"),
          reading(
              "vm_events",
              "Lists what happened to a VM, the oldest first.",
              VM + "/events",
              Argument.number("limit", "Only the newest so many, 1 to 10000.")),
          reading(
              "vm_logs",
              "Shows what the workload of a running VM has printed, a JSON object a line.",
              VM + "/logs",
              Argument.number("from", "Begin with the line that has this number, seq.")),
          new McpTool(
              "create_vm",
              "Creates a VM from an installed plugin and starts it.",
              HttpMethods.POST,
              "/api/v1/vms",
              List.of(),
              List.of(
                  NAME,
                  Argument.text("plugin", "The plugin that it is made from.").needed(),
                  Argument.number("cpu_cores", "CPU cores; the plugin's without it."),
                  Argument.number("memory_mb", "Memory in MiB; the plugin's without it."))),
          changing("start_vm", "Starts a VM that is stopped or crashed.", VM + "/start"),
          changing("stop_vm", "Stops a running VM.", VM + "/stop"),
          new McpTool(
              "exec_in_vm",
              "Runs a command in a running VM, without a shell, and waits for its end: exit code,"
                  + " and what it printed.",
              HttpMethods.POST,
              VM + "/exec",
              List.of(),
              List.of(
                  Argument.words("command", "The program and its arguments, a word each.").needed(),
                  Argument.text("stdin", "What it reads on standard input."),
                  Argument.text("workdir", "The folder that it runs in; absolute."),
                  Argument.text("user", "Who runs it, instead of root."),
                  Argument.number(
                      "timeout_ms", "After so long it is hung up; 60000 without it."))));

  private static McpTool reading(String name, String description, String path, Argument... query) {
    return new McpTool(name, description, HttpMethods.GET, path, List.of(query), List.of());
  }

  private static McpTool changing(String name, String description, String path) {
    return new McpTool(name, description, HttpMethods.POST, path, List.of(), List.of());
  }

  /** Whether it changes nothing. */
  boolean readsOnly() {
    return method.equals(HttpMethods.GET);
  }

  /** Whether the path has the name of a VM. */
  boolean isOfOneVm() {
    return path.startsWith(VM);
  }

  /** All arguments. */
  List<Argument> arguments() {
    Stream<Argument> name = isOfOneVm() ? Stream.of(NAME) : Stream.empty();
    return Stream.of(name, query.stream(), body.stream()).flatMap(Function.identity()).toList();
  }

  private static void writeType(JsonGenerator json, Argument.Kind kind) throws IOException {
    switch (kind) {
      case TEXT -> json.writeStringField("type", "string");
      case NUMBER -> json.writeStringField("type", "integer");
      case WORDS -> {
        json.writeStringField("type", "array");
        json.writeObjectFieldStart("items");
        json.writeStringField("type", "string");
        json.writeEndObject();
      }
    }
  }

  void write(JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("name", name);
    json.writeStringField("description", description);
    json.writeObjectFieldStart("inputSchema");
    json.writeStringField("type", "object");
    json.writeObjectFieldStart("properties");
    for (Argument argument : arguments()) {
      json.writeObjectFieldStart(argument.name());
      writeType(json, argument.kind());
      json.writeStringField("description", argument.description());
      json.writeEndObject();
    }
    json.writeEndObject();
    json.writeArrayFieldStart("required");
    for (Argument argument : arguments()) {
      if (argument.required()) {
        json.writeString(argument.name());
      }
    }
    json.writeEndArray();
    json.writeBooleanField("additionalProperties", false);
    json.writeEndObject();
    json.writeObjectFieldStart("annotations");
    json.writeBooleanField("readOnlyHint", readsOnly());
    json.writeBooleanField("destructiveHint", name.equals("stop_vm") || name.equals("exec_in_vm"));
    json.writeEndObject();
    json.writeEndObject();
  }
}
