package io.volant.cli.http;

/**
 * A frame of a stream of server-sent events.
 *
 * @param id the position to resume from, or empty if the frame has none
 * @param type the name of the event, or empty
 * @param data the lines of data, joined; empty in a frame that only tells a position
 */
public record SseFrame(String id, String type, String data) {}
