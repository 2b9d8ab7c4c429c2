/**
 * Looks into artifacts. They may be anybody's, so everything is bounded and nothing is unpacked.
 */
@NullMarked
package io.volant.fledge.inspect;

import org.jspecify.annotations.NullMarked;
