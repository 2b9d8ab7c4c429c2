/** Remembers which changes were asked for under an idempotency key, and what was answered. */
@NullMarked
package io.volant.idempotency;

import org.jspecify.annotations.NullMarked;
