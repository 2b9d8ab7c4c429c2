package io.volant.vm;

/** What an end leads to. */
public enum Then {
  STOP,
  RESTART,
  DELETE,
  /** Nobody asked: the hypervisor died, or the start failed. */
  CRASH
}
