/**
 * {@code volar}, the command line: one class a command, each an HTTP call and a way to show its
 * answer. What is right or wrong is decided by the daemon; here it is only told.
 */
@NullMarked
package io.volant.cli;

import org.jspecify.annotations.NullMarked;
