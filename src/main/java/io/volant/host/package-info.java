/** The root of the actor tree: names, supervision, and what one feature hands to another. */
@NullMarked
package io.volant.host;

import org.jspecify.annotations.NullMarked;
