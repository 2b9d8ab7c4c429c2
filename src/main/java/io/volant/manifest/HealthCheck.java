package io.volant.manifest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * How the program's health is asked.
 *
 * @param endpoint the path of a GET on the program's base URL; begins with {@code /}
 * @param timeoutMs milliseconds for one answer, 10 to 60,000 (what kestrel takes)
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record HealthCheck(
    @JsonProperty("endpoint") String endpoint,
    @JsonProperty("timeout_ms") @Nullable Integer timeoutMs) {}
