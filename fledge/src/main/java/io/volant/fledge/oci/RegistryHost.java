package io.volant.fledge.oci;

import java.net.URI;
import java.util.regex.Pattern;

/**
 * A registry by host and port.
 *
 * @param name {@code host} or {@code host:port}, as references have it
 */
record RegistryHost(String name) {
  /** Where references without a host are. */
  static final RegistryHost DOCKER_HUB = new RegistryHost("docker.io");

  private static final Pattern FORM =
      Pattern.compile(
          "(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
              + "(?:\\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*|\\[[0-9A-Fa-f:]+\\])"
              + "(?::[0-9]{1,5})?");
  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|127(?:\\.[0-9]{1,3}){3}|\\[::1\\]");

  static boolean isWellFormed(String name) {
    return FORM.matcher(name).matches();
  }

  /** Whether the address is this machine's own, where nobody listens in between. */
  boolean isLoopback() {
    return isLoopback(name.replaceFirst(":[0-9]+$", ""));
  }

  /** The same for a host of a URL. Names are not looked up: only what cannot be another machine. */
  static boolean isLoopback(String host) {
    return LOOPBACK.matcher(host).matches();
  }

  /** Where its API is: plain http on this machine, https everywhere else. */
  URI api() {
    if (this.equals(DOCKER_HUB)) {
      return URI.create("https://registry-1.docker.io/v2/");
    }
    return URI.create((isLoopback() ? "http://" : "https://") + name + "/v2/");
  }

  /** As what login files have it. */
  String loginKey() {
    return this.equals(DOCKER_HUB) ? "https://index.docker.io/v1/" : name;
  }

  @Override
  public String toString() {
    return name;
  }
}
