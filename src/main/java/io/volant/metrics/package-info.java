/**
 * What the daemon counts and times, as a page for Prometheus. Nothing is decided by it, and what it
 * knows begins with the daemon's start.
 */
@NullMarked
package io.volant.metrics;

import org.jspecify.annotations.NullMarked;
