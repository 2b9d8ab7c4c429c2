package io.volant.vm;

import io.volant.model.VmId;
import org.jspecify.annotations.Nullable;

/**
 * Whose process shall end.
 *
 * @param vmId the VM
 * @param runDirectory its run directory, by which an unrecorded process is recognised
 * @param handle the process, where one was recorded
 */
public record KillSpec(VmId vmId, String runDirectory, @Nullable VmHandle handle) {}
