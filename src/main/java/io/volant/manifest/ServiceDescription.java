package io.volant.manifest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the program offers and how to see that it is well. All optional.
 *
 * @param actions calls that the plugin names, by name
 * @param healthCheck what to ask; absent means that an accepted connection is enough
 * @param openapi where the program's own API description is: a URL or an absolute path
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record ServiceDescription(
    @JsonProperty("actions") Map<String, Action> actions,
    @JsonProperty("health_check") @Nullable HealthCheck healthCheck,
    @JsonProperty("openapi") @Nullable String openapi) {

  /** A program that describes nothing. */
  public static final ServiceDescription NONE = new ServiceDescription(Map.of(), null, null);

  /** Copies the map; absent becomes empty. */
  public ServiceDescription {
    actions = Frozen.map(actions);
  }
}
