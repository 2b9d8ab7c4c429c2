/**
 * {@code volar}'s side of HTTP: requests, answers, and streams of events that are resumed after a
 * break. Knows nothing of commands or of the terminal.
 */
@NullMarked
package io.volant.cli.http;

import org.jspecify.annotations.NullMarked;
