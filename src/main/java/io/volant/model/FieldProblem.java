package io.volant.model;

/**
 * One thing that is wrong with what somebody sent.
 *
 * @param field where: {@code config.resources.cpu_cores}
 * @param message what is wrong and what is allowed
 */
public record FieldProblem(String field, String message) {}
