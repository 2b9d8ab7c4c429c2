/** Tests of the plugin manifest. */
@NullMarked
package io.volant.manifest;

import org.jspecify.annotations.NullMarked;
