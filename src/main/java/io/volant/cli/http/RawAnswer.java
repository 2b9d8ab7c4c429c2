package io.volant.cli.http;

/**
 * What a workload answered.
 *
 * @param status below 300
 * @param body its bytes as text in UTF-8
 */
public record RawAnswer(int status, String body) {}
