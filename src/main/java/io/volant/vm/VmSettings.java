package io.volant.vm;

/**
 * The patience that VM actors have, in milliseconds.
 *
 * @param startTimeoutMs from launch until the guest's workload has started
 * @param stopTimeoutMs from asking the guest to stop until force
 * @param silenceMs how long a link may be down before health is unknown
 * @param retryMinMs first pause before something that did not work is tried again
 * @param retryMaxMs longest such pause; it doubles in between
 */
public record VmSettings(
    long startTimeoutMs, long stopTimeoutMs, long silenceMs, long retryMinMs, long retryMaxMs) {}
