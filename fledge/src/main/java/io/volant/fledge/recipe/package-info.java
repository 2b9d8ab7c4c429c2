/**
 * What people write: {@code fledge.toml} and {@code manifest.toml}, read and checked, every mistake
 * with its place.
 */
@NullMarked
package io.volant.fledge.recipe;

import org.jspecify.annotations.NullMarked;
