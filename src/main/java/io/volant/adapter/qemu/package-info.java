/** QEMU as a hypervisor: its command line, its processes, its control protocol (QMP). */
@NullMarked
package io.volant.adapter.qemu;

import org.jspecify.annotations.NullMarked;
