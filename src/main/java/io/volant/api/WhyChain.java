package io.volant.api;

import io.volant.model.Stamp;
import io.volant.vm.Then;
import io.volant.vm.VmEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Why a VM is as it is: of its story, what was asked last and every turn since, in sentences. Pure.
 */
final class WhyChain {

  /** A turn of the story. */
  record Link(Stamp stamp, String type, String sentence) {}

  private WhyChain() {}

  /**
   * From the last thing that somebody asked for to the present. What Volant does by itself is told
   * after what it was done for; single steps are left out.
   */
  static List<Link> of(List<VmEvent> story) {
    List<Link> links = new ArrayList<>();
    for (VmEvent event : story.subList(lastRequest(story), story.size())) {
      sentence(event).ifPresent(text -> links.add(new Link(event.stamp(), event.type(), text)));
    }
    return List.copyOf(links);
  }

  private static int lastRequest(List<VmEvent> story) {
    for (int i = story.size() - 1; i > 0; i--) {
      if (isRequest(story.get(i))) {
        return i;
      }
    }
    return 0;
  }

  private static boolean isRequest(VmEvent event) {
    return (event instanceof VmEvent.StartRequested || event instanceof VmEvent.EndRequested)
        && !event.stamp().by().equals(Stamp.SYSTEM);
  }

  private static Optional<String> sentence(VmEvent event) {
    String by = event.stamp().by();
    return switch (event) {
      case VmEvent.Created _ -> Optional.of(by + " created it");
      case VmEvent.StartRequested e -> Optional.of(startRequested(e));
      case VmEvent.EndRequested e -> Optional.of(by + " asked to " + wish(e.then()));
      case VmEvent.ConfigChanged e ->
          Optional.of(by + " changed its config, version " + e.version());
      case VmEvent.RestartPlanned e ->
          Optional.of("its restart policy starts it again at " + e.at() + ", retry " + e.retry());
      case VmEvent.Running _ -> Optional.of("it was up and running");
      case VmEvent.WorkloadExited _ -> Optional.of("its " + VmEventJson.of(event).message());
      case VmEvent.WorkloadStarted e when e.run() > 1 ->
          Optional.of("its workload was started again, run " + e.run());
      case VmEvent.HealthChanged e -> Optional.of(health(e));
      case VmEvent.StartFailed e ->
          Optional.of("its start failed at the step " + word(e.step().name()) + ": " + e.reason());
      case VmEvent.Exited e -> Optional.of("its hypervisor ended: " + e.exit().reason());
      case VmEvent.Adopted _ ->
          Optional.of("volantd was started again and found it as it was left");
      case VmEvent.AdoptionUnsure e ->
          Optional.of("volantd was started again and could not tell how it is: " + e.reason());
      case VmEvent.ReleaseFailed e ->
          Optional.of("its " + word(e.claim().name()) + " could not be given back: " + e.reason());
      case VmEvent.Stopped _ -> Optional.of("so it is stopped");
      case VmEvent.Crashed e -> Optional.of("so it is crashed: " + e.reason());
      case VmEvent.Deleted _ -> Optional.of("so it is gone");
      case VmEvent.ArtifactsReady _,
          VmEvent.AddressLeased _,
          VmEvent.DisksReady _,
          VmEvent.TapUp _,
          VmEvent.Launched _,
          VmEvent.LinkUp _,
          VmEvent.WorkloadStarted _,
          VmEvent.Released _ ->
          Optional.empty();
    };
  }

  private static String startRequested(VmEvent.StartRequested event) {
    String by = event.stamp().by();
    return by.equals(Stamp.SYSTEM)
        ? "so it was started again, start " + event.attempt()
        : by + " asked to start it, start " + event.attempt();
  }

  private static String wish(Then then) {
    return switch (then) {
      case STOP -> "stop it";
      case RESTART -> "restart it";
      case DELETE -> "delete it";
      case CRASH -> "take it down";
    };
  }

  private static String health(VmEvent.HealthChanged event) {
    return switch (event.health()) {
      case HEALTHY -> "it was healthy";
      case UNHEALTHY -> "it was not healthy: " + VmEventJson.of(event).message();
      case UNKNOWN -> "nobody could tell whether it is healthy: " + VmEventJson.of(event).message();
    };
  }

  private static String word(String name) {
    return name.toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
