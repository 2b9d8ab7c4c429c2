package io.volant.host;

/**
 * What the host has: the most that one VM can get.
 *
 * @param cpuCores logical CPUs
 * @param memoryMib physical memory
 */
public record HostCapacity(int cpuCores, int memoryMib) {}
