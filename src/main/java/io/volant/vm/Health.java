package io.volant.vm;

/** What the probe of the workload says. */
public enum Health {
  HEALTHY,
  UNHEALTHY,
  /** No probe, or nobody to ask. */
  UNKNOWN
}
