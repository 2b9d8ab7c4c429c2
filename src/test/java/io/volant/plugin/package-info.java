@NullMarked
package io.volant.plugin;

import org.jspecify.annotations.NullMarked;
