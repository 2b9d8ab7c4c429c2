/** Certificates and keys in PEM files, made ready for TLS. */
@NullMarked
package io.volant.pem;

import org.jspecify.annotations.NullMarked;
