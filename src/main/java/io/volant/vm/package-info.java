/**
 * One virtual machine: its commands, events, state and actor, and the ports that it acts through.
 */
@NullMarked
package io.volant.vm;

import org.jspecify.annotations.NullMarked;
