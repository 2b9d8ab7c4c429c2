/** The HTTP edge: parse, ask, answer. One routes class a resource. */
@NullMarked
package io.volant.api;

import org.jspecify.annotations.NullMarked;
