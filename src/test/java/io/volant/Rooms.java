package io.volant;

import com.tngtech.archunit.core.domain.JavaClass;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The rooms of the engine and what each of them may use, as a table.
 *
 * <p>A room is a package below {@code io.volant} with everything in it; each adapter is a room of
 * its own. The root package, where {@code Main} is, may use everything, and nothing may use it.
 */
final class Rooms {
  static final String BASE = "io.volant";

  private static final String ROOT = "";
  private static final String ADAPTER = "adapter.";

  /** The two adapters that the others may use: unix sockets, and the host's processes. */
  private static final String UNIX_SOCKET = ADAPTER + "unixsocket";

  private static final String PROCESS = ADAPTER + "process";

  /** Small values and ports that stand below the features. */
  private static final Set<String> GROUND = Set.of("model", "manifest", "artifact", "journal");

  private static final Set<String> FEATURES =
      Set.of("vm", "plugin", "network", "deployment", "idempotency");

  private static final Map<String, Set<String>> MAY_USE =
      Map.ofEntries(
          Map.entry("model", Set.of()),
          Map.entry("manifest", Set.of("model")),
          Map.entry("artifact", Set.of("model")),
          Map.entry("journal", Set.of("model")),
          Map.entry("vm", GROUND),
          Map.entry("plugin", GROUND),
          Map.entry("network", GROUND),
          Map.entry("deployment", GROUND),
          Map.entry("idempotency", GROUND),
          Map.entry("metrics", union(GROUND, Set.of("vm"))),
          Map.entry("host", union(GROUND, FEATURES)),
          Map.entry("api", union(GROUND, FEATURES, Set.of("host", "metrics"))),
          Map.entry("pem", Set.of()),
          Map.entry("cli", Set.of("model", "manifest", "pem")),
          Map.entry("fledge", Set.of("model", "manifest")),
          Map.entry(UNIX_SOCKET, Set.of("model")),
          Map.entry(PROCESS, Set.of("model")));

  private static final Set<String> ADAPTERS_MAY_USE =
      union(GROUND, FEATURES, Set.of("metrics", UNIX_SOCKET, PROCESS));

  private Rooms() {}

  /** The room of a class: {@code vm}, {@code adapter.qemu}, or nothing for the root package. */
  static String of(JavaClass type) {
    String path = type.getPackageName().substring(BASE.length());
    if (path.isEmpty()) {
      return ROOT;
    }
    String[] names = path.substring(1).split("\\.", -1);
    return names[0].equals("adapter") && names.length > 1 ? ADAPTER + names[1] : names[0];
  }

  static boolean isKnown(String room) {
    return room.equals(ROOT) || room.startsWith(ADAPTER) || MAY_USE.containsKey(room);
  }

  static boolean isFeature(String room) {
    return FEATURES.contains(room);
  }

  static boolean mayUse(String room, String other) {
    if (room.equals(other) || room.equals(ROOT)) {
      return true;
    }
    return allowedFor(room).contains(other);
  }

  private static Set<String> allowedFor(String room) {
    Set<String> listed = MAY_USE.get(room);
    if (listed != null) {
      return listed;
    }
    return room.startsWith(ADAPTER) ? ADAPTERS_MAY_USE : Set.of();
  }

  @SafeVarargs
  private static Set<String> union(Set<String>... sets) {
    Set<String> all = new TreeSet<>();
    for (Set<String> set : sets) {
      all.addAll(set);
    }
    return Set.copyOf(all);
  }
}
