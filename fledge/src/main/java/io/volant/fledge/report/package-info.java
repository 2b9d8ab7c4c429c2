/** What a build tells people: how it goes on, why it fails, and the exit code that goes with it. */
@NullMarked
package io.volant.fledge.report;

import org.jspecify.annotations.NullMarked;
