package io.volant.cli.http;

import java.io.IOException;
import java.util.List;

/** The first of several ways on which somebody is reached; it is the way from then on. */
final class FirstWire implements Wire {

  private final List<Wire> wires;
  private int chosen;
  private boolean settled;

  /**
   * Ways in the order of preference, at least one.
   *
   * @param wires the last is the one that people are told about when none works
   */
  FirstWire(List<Wire> wires) {
    this.wires = List.copyOf(wires);
  }

  @Override
  public String place() {
    return wires.get(chosen).place();
  }

  @Override
  public Link open() throws IOException {
    while (true) {
      try {
        Link link = wires.get(chosen).open();
        settled = true;
        return link;
      } catch (IOException nobody) {
        if (settled || chosen == wires.size() - 1) {
          throw nobody;
        }
        chosen++;
      }
    }
  }

  @Override
  public Reply send(Request request) throws IOException {
    while (true) {
      try {
        Reply reply = wires.get(chosen).send(request);
        settled = true;
        return reply;
      } catch (NotConnected nobody) {
        if (settled || chosen == wires.size() - 1) {
          throw nobody;
        }
        chosen++;
      }
    }
  }
}
