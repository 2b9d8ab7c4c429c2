package io.volant.manifest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * A named HTTP call to the program.
 *
 * @param description for people
 * @param method GET, POST, PUT, PATCH, DELETE, HEAD or OPTIONS
 * @param path the path on the program's base URL; begins with {@code /}
 * @param timeoutMs milliseconds until the call is given up, 1 to 3,600,000
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Action(
    @JsonProperty("description") @Nullable String description,
    @JsonProperty("method") String method,
    @JsonProperty("path") String path,
    @JsonProperty("timeout_ms") @Nullable Integer timeoutMs) {}
