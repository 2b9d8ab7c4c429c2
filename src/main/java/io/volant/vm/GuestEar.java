package io.volant.vm;

import java.time.Clock;
import java.time.Instant;
import java.util.List;

/**
 * Listens to one guest: what it says that is new becomes facts, within its budget. Also hears its
 * silence.
 */
final class GuestEar {

  private final VmWork work;
  private final Clock clock;
  private final GuestBudget budget = new GuestBudget();
  private boolean linkDown;

  GuestEar(VmWork work, Clock clock) {
    this.work = work;
    this.clock = clock;
  }

  /** The guest said something. */
  Decision hear(Vm vm, VmResult.GuestSaid said) {
    if (said.attempt() != vm.attempt()) {
      return Decision.nothing();
    }
    linkDown = said.signal() instanceof GuestSignal.LinkDown;
    if (linkDown) {
      work.alarmSilence(vm);
      return Decision.nothing();
    }
    work.cancel(VmResult.Alarm.Kind.SILENCE);
    return judge(vm, said.signal());
  }

  /** The link has been down for too long. */
  Decision silence(Vm vm) {
    return judge(vm, new GuestSignal.HealthChanged(Health.UNKNOWN, "no contact with the agent"));
  }

  /** There is room again: the oldest of what was kept that is still news. */
  Decision catchUp(Vm vm) {
    Decision decision = Decision.nothing();
    while (decision.equals(Decision.nothing())
        && budget.hasDeferred()
        && budget.hasRoom(clock.instant())) {
      decision = judge(vm, budget.takeDeferred());
    }
    if (budget.hasDeferred()) {
      work.alarmGuest(vm);
    }
    return decision;
  }

  /** This guest is no more: the next one must not be taken for it. */
  void close() {
    budget.forgetAll();
    linkDown = false;
  }

  /** The actor has read its journal again: its timers are gone. */
  void recovered(Vm vm) {
    if (linkDown) {
      work.alarmSilence(vm);
    }
    if (budget.hasDeferred()) {
      work.alarmGuest(vm);
    }
  }

  private Decision judge(Vm vm, GuestSignal signal) {
    Instant now = clock.instant();
    budget.forget(signal);
    List<Fact> news = GuestNews.of(vm, signal, now);
    if (news.isEmpty()) {
      return Decision.nothing();
    }
    if (!budget.take(now)) {
      budget.defer(signal);
      work.alarmGuest(vm);
      return Decision.nothing();
    }
    if (vm.phase() instanceof Phase.Starting && news.size() > 1) {
      work.cancel(VmResult.Alarm.Kind.START);
    }
    return new Decision.Facts(news);
  }
}
