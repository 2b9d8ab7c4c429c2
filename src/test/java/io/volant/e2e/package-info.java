/** The finished tree in target/volant, driven from outside as a user would, with real microVMs. */
@NullMarked
package io.volant.e2e;

import org.jspecify.annotations.NullMarked;
