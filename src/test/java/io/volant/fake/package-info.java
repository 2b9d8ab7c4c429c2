/** Hand-written stand-ins that tests script. */
@NullMarked
package io.volant.fake;

import org.jspecify.annotations.NullMarked;
