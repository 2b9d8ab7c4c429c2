/**
 * Everything below {@code VOLANT_HOME}: the store of boot media, the kernels, the VMs' folders, the
 * daemon's lock.
 */
@NullMarked
package io.volant.adapter.files;

import org.jspecify.annotations.NullMarked;
