@NullMarked
package io.volant.adapter.pem;

import org.jspecify.annotations.NullMarked;
