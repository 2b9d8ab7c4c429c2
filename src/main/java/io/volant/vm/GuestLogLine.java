package io.volant.vm;

/**
 * One line that the workload wrote.
 *
 * @param sequence its number in the guest; a jump means that lines in between were overwritten
 * @param uptimeMs milliseconds since the guest's kernel started
 * @param stream stdout, stderr or kestrel
 * @param line the text, at most 8 KiB
 */
public record GuestLogLine(long sequence, long uptimeMs, String stream, String line) {}
