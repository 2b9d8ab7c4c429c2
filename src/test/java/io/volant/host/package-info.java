@NullMarked
package io.volant.host;

import org.jspecify.annotations.NullMarked;
