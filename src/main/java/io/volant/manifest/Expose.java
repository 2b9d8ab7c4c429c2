package io.volant.manifest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * A port of the guest that the host opens.
 *
 * @param port the port in the guest, 1 to 65535
 * @param protocol absent means tcp
 * @param hostPort the port on the host; absent means that the host chooses
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Expose(
    @JsonProperty("port") int port,
    @JsonProperty("protocol") @Nullable Protocol protocol,
    @JsonProperty("host_port") @Nullable Integer hostPort) {}
