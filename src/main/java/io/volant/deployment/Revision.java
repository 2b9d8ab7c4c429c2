package io.volant.deployment;

import java.time.Instant;

/**
 * A config that the deployment has, or had.
 *
 * @param number from 1; never given to another config
 * @param by who gave it
 */
public record Revision(int number, VmTemplate config, Instant createdAt, String by) {}
