package io.volant.adapter.guestlink;

import static org.awaitility.Awaitility.await;

import io.volant.vm.GuestSignal;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** A listener that remembers what it heard, and when. */
final class SignalLog implements Consumer<GuestSignal> {

  /** One signal and its time by {@link System#nanoTime}. */
  record Heard(long atNs, GuestSignal signal) {}

  private final List<Heard> heard = new CopyOnWriteArrayList<>();

  @Override
  public void accept(GuestSignal signal) {
    heard.add(new Heard(System.nanoTime(), signal));
  }

  List<Heard> all() {
    return List.copyOf(heard);
  }

  <T extends GuestSignal> List<T> of(Class<T> type) {
    return heard.stream().map(Heard::signal).filter(type::isInstance).map(type::cast).toList();
  }

  /** Waits until so many signals of the type were heard, and gives the last of them. */
  <T extends GuestSignal> T awaitNumber(int number, Class<T> type) {
    await().atMost(Duration.ofSeconds(20)).until(() -> of(type).size() >= number);
    return of(type).get(number - 1);
  }
}
