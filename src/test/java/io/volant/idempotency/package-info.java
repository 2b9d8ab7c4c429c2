@NullMarked
package io.volant.idempotency;

import org.jspecify.annotations.NullMarked;
