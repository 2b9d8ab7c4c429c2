/**
 * A whole host inside the JVM: hypervisor, guests, network devices and folders that exist only in a
 * {@link SimulatedWorld}. For tests, benchmarks and what-if runs; needs no root and no QEMU.
 */
@NullMarked
package io.volant.adapter.simulated;

import org.jspecify.annotations.NullMarked;
