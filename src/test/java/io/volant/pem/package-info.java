@NullMarked
package io.volant.pem;

import org.jspecify.annotations.NullMarked;
