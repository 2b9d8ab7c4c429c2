@NullMarked
package io.volant.cli.http;

import org.jspecify.annotations.NullMarked;
