package io.volant.api;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
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
   * @param integer whether it is a number; else it is text
   */
  record Argument(String name, String description, boolean integer, boolean required) {
    static Argument text(String name, String description) {
      return new Argument(name, description, false, false);
    }

    static Argument number(String name, String description) {
      return new Argument(name, description, true, false);
    }

    Argument needed() {
      return new Argument(name, description, integer, true);
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
          changing("stop_vm", "Stops a running VM.", VM + "/stop"));

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
    return isOfOneVm()
        ? Stream.concat(Stream.of(NAME), query.stream()).toList()
        : Stream.concat(query.stream(), body.stream()).toList();
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
      json.writeStringField("type", argument.integer() ? "integer" : "string");
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
    json.writeBooleanField("destructiveHint", name.equals("stop_vm"));
    json.writeEndObject();
    json.writeEndObject();
  }
}
