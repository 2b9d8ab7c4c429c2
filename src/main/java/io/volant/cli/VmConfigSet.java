package io.volant.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "set",
    description = {
      "Changes a VM's config. What runs keeps what it was started with until its next start.",
      "Keys are those of 'vms config get', such as resources.memory_mb=512, env.GREETING=hello or"
          + " restart_policy=always."
    })
final class VmConfigSet implements Callable<Integer> {

  /** What the daemon replaces as a whole: one key of it goes beside those that are there. */
  private static final Set<String> WHOLE =
      Set.of("env", "health_check", "metadata", "network", "restart_policy");

  private static final Set<String> NUMBERS =
      Set.of(
          "cpu_cores",
          "memory_mb",
          "timeout_ms",
          "max_retries",
          "backoff_min_ms",
          "backoff_max_ms");

  private final Session session;

  @Parameters(index = "0", paramLabel = "NAME", description = "The VM.")
  private String name = "";

  @Parameters(
      index = "1..*",
      arity = "0..*",
      paramLabel = "KEY=VALUE",
      description = "What shall be.")
  private List<String> assignments = new ArrayList<>();

  @Option(
      names = "--file",
      paramLabel = "FILE",
      description = "A part of a configuration (JSON), in place of keys.")
  private @Nullable Path file;

  @Option(
      names = "--if-version",
      paramLabel = "N",
      description = "Only if this is still the newest version.")
  private @Nullable Integer version;

  VmConfigSet(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws Exception {
    if (assignments.isEmpty() == (file == null)) {
      throw new CliFailure(ExitCode.USAGE, "give either KEY=VALUE or --file FILE");
    }
    VmConfigChange change = new VmConfigChange(session, name);
    change.tell(
        file != null ? change.send(ManifestSource.ofFile(file), version) : assigned(change));
    return ExitCode.OK.number();
  }

  private JsonNode assigned(VmConfigChange change) throws Exception {
    List<String[]> keys = new ArrayList<>();
    for (String assignment : assignments) {
      int equals = assignment.indexOf('=');
      if (equals < 1) {
        throw new CliFailure(ExitCode.USAGE, "'" + assignment + "' is not KEY=VALUE");
      }
      keys.add(new String[] {assignment.substring(0, equals), assignment.substring(equals + 1)});
    }
    Integer base = version;
    ObjectNode there = JsonNodeFactory.instance.objectNode();
    if (keys.stream().anyMatch(key -> isPartOfWhole(key[0]))) {
      JsonNode now = session.api().get(VmConfigChange.path(name)).body();
      there = now.path("config") instanceof ObjectNode config ? config : there;
      base = base == null ? Integer.valueOf(now.path("version").asInt()) : base;
    }
    ObjectNode wanted = JsonNodeFactory.instance.objectNode();
    for (String[] key : keys) {
      put(wanted, there, key[0], key[1]);
    }
    return change.send(wanted, base);
  }

  private static boolean isPartOfWhole(String key) {
    int dot = key.indexOf('.');
    return dot > 0 && WHOLE.contains(key.substring(0, dot));
  }

  private static void put(ObjectNode wanted, ObjectNode there, String key, String value) {
    int dot = key.indexOf('.');
    if (dot < 0) {
      wanted.put(key, value);
      return;
    }
    String field = key.substring(0, dot);
    String rest = key.substring(dot + 1);
    if (!(wanted.get(field) instanceof ObjectNode)) {
      wanted.set(
          field,
          WHOLE.contains(field) && there.get(field) instanceof ObjectNode had
              ? had.deepCopy()
              : JsonNodeFactory.instance.objectNode());
    }
    ObjectNode part = (ObjectNode) wanted.get(field);
    boolean isWord = field.equals("env") || field.equals("metadata");
    if (!isWord && NUMBERS.contains(rest) && value.matches("-?[0-9]{1,18}")) {
      part.put(rest, Long.parseLong(value));
    } else if (!isWord && rest.indexOf('.') > 0) {
      ObjectNode below =
          part.get(rest.substring(0, rest.indexOf('.'))) instanceof ObjectNode had
              ? had
              : part.putObject(rest.substring(0, rest.indexOf('.')));
      below.put(rest.substring(rest.indexOf('.') + 1), value);
    } else {
      part.put(rest, value);
    }
  }
}
