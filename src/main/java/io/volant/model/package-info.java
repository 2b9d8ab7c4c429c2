/** Ids and small values that two features share. Uses nothing of ours. */
@NullMarked
package io.volant.model;

import org.jspecify.annotations.NullMarked;
