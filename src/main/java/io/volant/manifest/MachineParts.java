package io.volant.manifest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the machine has besides CPUs, memory and its boot medium. All optional.
 *
 * @param disks extra disks, at most 16
 * @param cloudInit a seed disk for cloud-init
 * @param network how it is connected; absent means bridged
 * @param devices host devices passed through
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record MachineParts(
    @JsonProperty("disks") List<Disk> disks,
    @JsonProperty("cloud_init") @Nullable CloudInit cloudInit,
    @JsonProperty("network") @Nullable NetworkSettings network,
    @JsonProperty("devices") @Nullable Devices devices) {

  /** A machine without any of them. */
  public static final MachineParts NONE = new MachineParts(List.of(), null, null, null);

  /** Copies the list; absent becomes empty. */
  public MachineParts {
    disks = Frozen.list(disks);
  }
}
