@NullMarked
package io.volant.metrics;

import org.jspecify.annotations.NullMarked;
