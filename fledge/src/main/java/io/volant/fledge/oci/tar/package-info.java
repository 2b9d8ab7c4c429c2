/**
 * Reads tar archives: their entries, and where in the archive the content of each stands. Exact to
 * the byte where attributes are binary, and strict: what is not plainly right is refused.
 */
@NullMarked
package io.volant.fledge.oci.tar;

import org.jspecify.annotations.NullMarked;
