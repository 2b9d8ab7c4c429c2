/** The port through which boot media are fetched, verified and kept. */
@NullMarked
package io.volant.artifact;

import org.jspecify.annotations.NullMarked;
