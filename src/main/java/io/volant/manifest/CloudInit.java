package io.volant.manifest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * The documents of a cloud-init seed disk.
 *
 * @param datasource {@code NoCloud}, also when absent
 * @param seedMode {@code vfat}, also when absent
 * @param userData the user-data document
 * @param metaData the meta-data document
 * @param networkConfig the network-config document
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CloudInit(
    @JsonProperty("datasource") @Nullable String datasource,
    @JsonProperty("seed_mode") @Nullable String seedMode,
    @JsonProperty("user_data") @Nullable CloudInitDocument userData,
    @JsonProperty("meta_data") @Nullable CloudInitDocument metaData,
    @JsonProperty("network_config") @Nullable CloudInitDocument networkConfig) {}
