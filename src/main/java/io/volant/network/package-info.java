/** One network on this host: its subnet, its leases and the port to the host's bridge. */
@NullMarked
package io.volant.network;

import org.jspecify.annotations.NullMarked;
