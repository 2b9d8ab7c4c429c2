/** Asks workloads over the network how they are, where no agent in the guest does. */
@NullMarked
package io.volant.adapter.probe;

import org.jspecify.annotations.NullMarked;
