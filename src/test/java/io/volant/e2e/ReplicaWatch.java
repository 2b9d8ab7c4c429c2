package io.volant.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import io.volant.adapter.process.ProcessTable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;

/**
 * Looks at a daemon's hypervisors and at its list of VMs, again and again, while a test does other
 * things and the daemon comes and goes. In the end it reads the journal, and says what was wrong.
 */
final class ReplicaWatch implements AutoCloseable {

  /** A look costs, and the VMs want the processor too. */
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final RealDaemon daemon;
  private final ProcessTable processes = new ProcessTable();

  /** VMs' ids, each as often as it had a hypervisor at that moment. */
  private final Set<List<String>> running = ConcurrentHashMap.newKeySet();

  /** The names in the list of VMs at a moment. */
  private final Set<List<String>> listed = ConcurrentHashMap.newKeySet();

  private final List<Thread> threads;
  private volatile boolean closed;

  ReplicaWatch(RealDaemon daemon) {
    this.daemon = daemon;
    this.threads =
        List.of(
            Thread.ofVirtual().start(this::watchHypervisors),
            Thread.ofVirtual().start(this::watchList));
  }

  /**
   * What was wrong, in words; empty: nothing.
   *
   * @param most how many VMs the deployment may have had at once
   */
  List<String> problems(String deployment, int most) throws IOException, InterruptedException {
    RolloutStory story = RolloutStory.of(daemon, deployment);
    List<String> problems = new ArrayList<>(story.problems(most));
    Map<String, String> names = story.namesById();
    UnaryOperator<String> named = id -> names.getOrDefault(id, deployment + "-? (vm/" + id + ")");
    for (List<String> ids : running) {
      check("hypervisors", ids.stream().map(named).toList(), deployment, most, problems);
    }
    for (List<String> vms : listed) {
      check("VMs", vms, deployment, most, problems);
    }
    return problems;
  }

  /** How many different sets of hypervisors were seen. */
  int sightings() {
    return running.size();
  }

  private static void check(
      String what, List<String> names, String deployment, int most, List<String> problems) {
    List<String> ours = names.stream().filter(name -> name.startsWith(deployment + "-")).toList();
    if (new TreeSet<>(ours).size() < ours.size() || ours.size() > most) {
      problems.add(what + " at once: " + ours);
    }
  }

  private void watchHypervisors() {
    String folders = daemon.home().resolve("vms") + "/";
    while (!closed) {
      try {
        List<String> ids = new ArrayList<>();
        for (var process : processes.matching(words -> words.getFirst().contains("qemu"))) {
          String line = String.join(" ", process.arguments());
          int at = line.indexOf(folders);
          if (at >= 0) {
            ids.add(line.substring(at + folders.length()).split("[/,]", 2)[0]);
          }
        }
        ids.sort(null);
        running.add(List.copyOf(ids));
      } catch (IOException unreadable) {
        Thread.onSpinWait(); // /proc as it changes: look again
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  private void watchList() {
    while (!closed) {
      try {
        List<String> names = new ArrayList<>();
        for (JsonNode vm : RealDaemon.JSON.readTree(daemon.call("GET", "/api/v1/vms", "").body())) {
          names.add(vm.path("name").asText());
        }
        names.sort(null);
        listed.add(List.copyOf(names));
      } catch (IOException away) {
        Thread.onSpinWait(); // the daemon is down: ask again until it is back
      } catch (InterruptedException ended) {
        return;
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  @Override
  public void close() {
    closed = true;
    threads.forEach(Thread::interrupt);
  }
}
