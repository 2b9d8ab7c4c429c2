/**
 * The Linux host: bridge, taps and nftables, what the machine can do, and what was left behind on
 * it.
 */
@NullMarked
package io.volant.adapter.linux;

import org.jspecify.annotations.NullMarked;
