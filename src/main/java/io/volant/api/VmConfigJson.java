package io.volant.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.volant.host.VmInWords;
import io.volant.vm.Vm;
import io.volant.vm.VmConfig;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Writes a VM's config as the API shows it: in the form in which it may be sent back. */
final class VmConfigJson {

  private static final JsonMapper MAPPER =
      JsonBody.MAPPER
          .rebuild()
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(
                  JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
          .build();

  /** Fields that are merged within, so that a change of them is told part by part. */
  private static final Set<String> MERGED = Set.of("api", "resources");

  /** What nothing that was started depends on. */
  private static final Set<String> AT_ONCE = Set.of("metadata", "restart_policy");

  private VmConfigJson() {}

  /** What is different between two configs. */
  static List<String> changes(VmConfig was, VmConfig now) {
    List<String> changes = new ArrayList<>();
    compare("", tree(was), tree(now), changes);
    return List.copyOf(changes);
  }

  private static void compare(String prefix, JsonNode was, JsonNode now, List<String> changes) {
    Set<String> names = new TreeSet<>();
    was.fieldNames().forEachRemaining(names::add);
    now.fieldNames().forEachRemaining(names::add);
    for (String name : names) {
      JsonNode before = was.path(name);
      JsonNode after = now.path(name);
      if (before.equals(after)) {
        continue;
      }
      if (prefix.isEmpty() && MERGED.contains(name)) {
        compare(name + ".", before, after, changes);
      } else {
        changes.add(prefix + name);
      }
    }
  }

  /**
   * A version, within an object that was begun.
   *
   * @param since when it came
   * @param reader who will see it
   */
  static void write(JsonGenerator json, Vm.Versioned version, Instant since, Principal reader)
      throws IOException {
    json.writeNumberField("version", version.version());
    json.writeStringField("updated_at", Text.time(since));
    json.writeFieldName("config");
    MAPPER.writeTree(json, Secrets.config(tree(version.config()), reader));
  }

  /** The newest version, which version runs, and when what was just changed counts. */
  static void write(JsonGenerator json, Vm vm, List<String> changes, Principal reader)
      throws IOException {
    write(json, vm.intent().newest(), vm.intent().since(), reader);
    if (!vm.atRest()) {
      json.writeNumberField("running_version", vm.config().version());
    }
    json.writeArrayFieldStart("changes");
    for (String field : changes) {
      json.writeStartObject();
      json.writeStringField("field", field);
      json.writeStringField("applies", AT_ONCE.contains(field) ? "now" : "next_start");
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static ObjectNode tree(VmConfig config) {
    return MAPPER.valueToTree(new VmInWords(config).request());
  }
}
