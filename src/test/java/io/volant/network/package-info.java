@NullMarked
package io.volant.network;

import org.jspecify.annotations.NullMarked;
