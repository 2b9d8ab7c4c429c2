/** Tests of deployments. */
@NullMarked
package io.volant.deployment;

import org.jspecify.annotations.NullMarked;
