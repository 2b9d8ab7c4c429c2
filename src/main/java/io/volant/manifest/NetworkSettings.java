package io.volant.manifest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the machine is connected.
 *
 * @param mode absent means bridged; see {@link PluginManifest#networkMode()}
 * @param subnet an IPv4 network with its prefix
 * @param gateway an IPv4 address
 * @param autoAssign whether the host picks the address; absent means that it does
 * @param expose ports that the host opens for the guest, at most 64
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record NetworkSettings(
    @JsonProperty("mode") @Nullable NetworkMode mode,
    @JsonProperty("subnet") @Nullable String subnet,
    @JsonProperty("gateway") @Nullable String gateway,
    @JsonProperty("auto_assign") @Nullable Boolean autoAssign,
    @JsonProperty("expose") List<Expose> expose) {

  /** Copies the list; absent becomes empty. */
  public NetworkSettings {
    expose = Frozen.list(expose);
  }
}
