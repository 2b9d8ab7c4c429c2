@NullMarked
package io.volant.journal;

import org.jspecify.annotations.NullMarked;
