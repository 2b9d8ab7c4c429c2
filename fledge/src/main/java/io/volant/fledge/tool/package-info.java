/**
 * Programs of the host that a build runs. They get an argument list, never a line for a shell, and
 * everything they may do is bounded.
 */
@NullMarked
package io.volant.fledge.tool;

import org.jspecify.annotations.NullMarked;
