package io.volant.manifest;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * The size of the machine.
 *
 * @param cpuCores virtual CPUs, 1 to 1024
 * @param memoryMib memory in MiB, 1 to 16,777,216. The JSON name says {@code mb}; the unit has
 *     always been MiB
 */
public record Resources(
    @JsonProperty("cpu_cores") int cpuCores, @JsonProperty("memory_mb") int memoryMib) {}
