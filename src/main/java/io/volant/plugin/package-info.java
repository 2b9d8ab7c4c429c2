/** One plugin: its manifest, whether it may be used, and the boot media it brought. */
@NullMarked
package io.volant.plugin;

import org.jspecify.annotations.NullMarked;
