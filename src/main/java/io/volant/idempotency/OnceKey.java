package io.volant.idempotency;

/**
 * A key of somebody's. Two callers may use the same text and mean different things.
 *
 * @param principal who asks
 * @param text what the caller chose, 1 to 255 visible ASCII characters
 */
public record OnceKey(String principal, String text) {}
