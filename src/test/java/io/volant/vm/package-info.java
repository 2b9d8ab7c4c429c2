@NullMarked
package io.volant.vm;

import org.jspecify.annotations.NullMarked;
