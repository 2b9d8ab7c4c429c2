/** The root of the engine: {@code Main} wires adapters to actors, {@code Settings} reads them. */
@NullMarked
package io.volant;

import org.jspecify.annotations.NullMarked;
