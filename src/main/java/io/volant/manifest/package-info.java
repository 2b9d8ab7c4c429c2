/**
 * The plugin manifest as records, and the one place that reads, checks and writes it. Uses nothing
 * of the engine.
 */
@NullMarked
package io.volant.manifest;

import org.jspecify.annotations.NullMarked;
