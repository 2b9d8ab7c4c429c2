/**
 * The host's programs and processes: what runs, and running a program to its end. For all adapters.
 */
@NullMarked
package io.volant.adapter.process;

import org.jspecify.annotations.NullMarked;
