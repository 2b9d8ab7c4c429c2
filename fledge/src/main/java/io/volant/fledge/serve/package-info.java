/** {@code fledge serve}: builds over HTTP, for programs on the same machine. */
@NullMarked
package io.volant.fledge.serve;

import org.jspecify.annotations.NullMarked;
