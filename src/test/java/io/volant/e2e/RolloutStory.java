package io.volant.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the journal tells of a deployment: its events are in the order in which all of it happened,
 * so what a look from outside may miss is in here.
 */
final class RolloutStory {

  private static final Pattern VM_ID = Pattern.compile("vm/([0-9]+)#[0-9]+");
  private static final Pattern COUNT = Pattern.compile("([0-9]+) replicas?, at most ([0-9]+) away");

  /** An event: its own name where both feeds have one. */
  private record Event(String id, String type, String name, String message) {}

  private final String deployment;
  private final List<Event> events;
  private final Map<String, String> namesById = new HashMap<>();

  private RolloutStory(String deployment, List<Event> events) {
    this.deployment = deployment;
    this.events = events;
    for (Event event : events) {
      Matcher vm = VM_ID.matcher(event.id());
      if (vm.matches()) {
        namesById.put(vm.group(1), event.name());
      }
    }
  }

  /** Reads the whole journal. */
  static RolloutStory of(RealDaemon daemon, String deployment)
      throws IOException, InterruptedException {
    TreeMap<Long, Event> events = new TreeMap<>();
    read(daemon, "/api/v1/events?after=0&follow=false")
        .forEach((position, data) ->
            events.put(
                position,
                new Event(
                    data.get("event_id").asText(),
                    data.get("type").asText(),
                    data.get("name").asText(),
                    data.get("message").asText())));
    // here a change of health has a name for each kind
    read(daemon, "/api/v1/events/vms?after=0&follow=false&types=steps")
        .forEach((position, data) ->
            events.computeIfPresent(
                position,
                (_, event) ->
                    new Event(
                        event.id(), data.get("type").asText(), event.name(), event.message())));
    return new RolloutStory(deployment, List.copyOf(events.values()));
  }

  private static Map<Long, JsonNode> read(RealDaemon daemon, String path)
      throws IOException, InterruptedException {
    Map<Long, JsonNode> read = new TreeMap<>();
    long id = 0;
    for (String line : daemon.call("GET", path, "").body().lines().toList()) {
      if (line.startsWith("id: ")) {
        id = Long.parseLong(line.substring(4));
      } else if (line.startsWith("data: ")) {
        read.put(id, RealDaemon.JSON.readTree(line.substring(6)));
      }
    }
    return read;
  }

  /** The name of every VM that there ever was, by its id. */
  Map<String, String> namesById() {
    return Map.copyOf(namesById);
  }

  /** How often something happened to the deployment or to its VMs. */
  long count(String type) {
    return events.stream()
        .filter(event -> event.type().equals(type))
        .filter(event -> event.name().equals(deployment) || isOurs(event.name()))
        .count();
  }

  /**
   * What was wrong, in words: two VMs of one name, more than there may be, or a healthy one that an
   * update took away while others were missing.
   */
  List<String> problems(int most) {
    List<String> problems = new ArrayList<>();
    Set<String> living = new HashSet<>();
    Set<String> healthy = new HashSet<>();
    int replicas = 2;
    int away = 1;
    for (Event event : events) {
      String name = event.name();
      if (isOurs(name)) {
        switch (event.type()) {
          case "VM_CREATED" -> {
            if (!living.add(name) || living.size() > most) {
              problems.add(name + " was made beside " + living);
            }
          }
          case "VM_DELETED" -> living.remove(name);
          case "vm.healthy" -> healthy.add(name);
          case "vm.unhealthy", "vm.end_requested", "vm.exited", "VM_CRASHED" ->
              healthy.remove(name);
          default -> {}
        }
      } else if (name.equals(deployment)) {
        Matcher count = COUNT.matcher(event.message());
        if (event.type().equals("deployment.scaled") && count.find()) {
          replicas = Integer.parseInt(count.group(1));
          away = Integer.parseInt(count.group(2));
        }
        String victim = event.message().split(" ", 2)[0];
        if (event.type().equals("deployment.replica_unwanted")
            && event.message().endsWith("it has another revision")
            && healthy.contains(victim)) {
          healthy.remove(victim);
          if (healthy.size() < replicas - away) {
            problems.add(victim + " was taken away while only these were healthy: " + healthy);
          }
        }
      }
    }
    return problems;
  }

  private boolean isOurs(String name) {
    return name.startsWith(deployment + "-");
  }
}
