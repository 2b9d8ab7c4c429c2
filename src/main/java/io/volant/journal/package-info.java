/** What every stored event has in common, and the ordered, resumable feed of them. */
@NullMarked
package io.volant.journal;

import org.jspecify.annotations.NullMarked;
