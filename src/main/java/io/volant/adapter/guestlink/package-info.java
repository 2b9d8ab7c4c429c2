/**
 * The link to the agent in each guest: HTTP/2 over one byte stream, as {@code kestrel/PROTOCOL.md}
 * says. Everything from there is untrusted: a guest that misbehaves loses its link for a while, and
 * nothing else.
 */
@NullMarked
package io.volant.adapter.guestlink;

import org.jspecify.annotations.NullMarked;
