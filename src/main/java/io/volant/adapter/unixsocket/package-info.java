/**
 * Unix sockets as streams: every connection of the daemon (guest links, hypervisors' control
 * sockets) is served by one selector thread. Holds nothing that knows what the bytes mean.
 */
@NullMarked
package io.volant.adapter.unixsocket;

import org.jspecify.annotations.NullMarked;
