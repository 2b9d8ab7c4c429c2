package io.volant.api;

import io.volant.model.VmId;
import io.volant.vm.GuestLogLine;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.BoundedSourceQueue;
import org.apache.pekko.stream.javadsl.Source;

/** Logs of guests as a test dictates them: each line comes to all who follow, and is kept. */
final class LiveLogs {

  private static final int QUEUE = 1_000;

  private final Map<VmId, List<GuestLogLine>> kept = new HashMap<>();
  private final Map<VmId, List<BoundedSourceQueue<GuestLogLine>>> followers = new HashMap<>();
  private final List<String> asked = new ArrayList<>();
  private VmId flooding = new VmId(1);
  private boolean on;
  private boolean floods;
  private int open;

  /** From now on guests say what they are told to. */
  synchronized void turnOn() {
    on = true;
  }

  synchronized boolean isOn() {
    return on;
  }

  /** This guest talks as fast as anybody listens, for ever. */
  synchronized void flood(VmId vmId) {
    floods = true;
    flooding = vmId;
  }

  /** Which logs were asked for: VM and first sequence number, in order. */
  synchronized List<String> asked() {
    return List.copyOf(asked);
  }

  /** How many are followed now. */
  synchronized int open() {
    return open;
  }

  /** The guest says something. */
  synchronized void print(VmId vmId, String text) {
    List<GuestLogLine> lines = kept.computeIfAbsent(vmId, _ -> new ArrayList<>());
    GuestLogLine line = new GuestLogLine(lines.size(), 10L * lines.size(), "stdout", text);
    lines.add(line);
    followers.getOrDefault(vmId, List.of()).forEach(queue -> queue.offer(line));
  }

  /** The link to the guest breaks. */
  synchronized void cut(VmId vmId) {
    followers
        .getOrDefault(vmId, List.of())
        .forEach(queue -> queue.fail(new IllegalStateException("the link broke")));
    followers.remove(vmId);
  }

  synchronized Source<GuestLogLine, NotUsed> follow(VmId vmId, long from, ActorSystem<?> system) {
    asked.add(vmId + " from " + (from == Long.MAX_VALUE ? "now" : from));
    open++;
    Source<GuestLogLine, NotUsed> lines;
    if (floods && vmId.equals(flooding)) {
      lines = Source.repeat(new GuestLogLine(7, 7, "stderr", "x".repeat(200)));
    } else {
      Pair<BoundedSourceQueue<GuestLogLine>, Source<GuestLogLine, NotUsed>> live =
          Source.<GuestLogLine>queue(QUEUE).preMaterialize(system);
      followers.computeIfAbsent(vmId, _ -> new ArrayList<>()).add(live.first());
      List<GuestLogLine> before = kept.getOrDefault(vmId, List.of());
      lines =
          Source.from(before.stream().filter(line -> line.sequence() >= from).toList())
              .concat(live.second());
    }
    return lines.watchTermination((unused, done) -> {
      done.whenComplete((_, _) -> closed());
      return unused;
    });
  }

  private synchronized void closed() {
    open--;
  }
}
