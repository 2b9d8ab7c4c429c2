/** Deployments: so many VMs of one config, kept so, and moved to another config step by step. */
@NullMarked
package io.volant.deployment;

import org.jspecify.annotations.NullMarked;
