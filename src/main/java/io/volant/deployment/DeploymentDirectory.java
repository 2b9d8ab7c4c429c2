package io.volant.deployment;

import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * The present state of every deployment, for reading at the HTTP edge. Each actor puts its state
 * here after an event was stored and before it answers; the journal is the truth.
 */
public final class DeploymentDirectory {

  private final ConcurrentSkipListMap<String, Deployment> byName = new ConcurrentSkipListMap<>();

  /** The deployment with this name, if there is one. */
  public Optional<Deployment> find(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  /** All deployments, by name. */
  public Collection<Deployment> all() {
    return byName.values();
  }

  void put(Deployment deployment) {
    byName.put(deployment.name(), deployment);
  }

  void remove(String name) {
    byName.remove(name);
  }
}
