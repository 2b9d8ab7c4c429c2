package io.volant.vm;

import io.volant.vm.LaunchSpec.ModuleGroup;
import io.volant.vm.LaunchSpec.ModuleGroup.Need;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The kernel modules of a guest.
 *
 * @param paths in the guest, in load order
 * @param segments absolute paths of the archives that hold them
 */
record GuestModules(List<String> paths, List<String> segments) {

  GuestModules {
    paths = List.copyOf(paths);
    segments = List.copyOf(segments);
  }

  /** What a guest with this config needs of this kernel. */
  static GuestModules of(VmConfig config, LaunchSpec.Kernel kernel) {
    List<String> paths = new ArrayList<>(kernel.modules());
    List<String> segments = new ArrayList<>();
    if (kernel.modulesSegment() != null) {
      segments.add(kernel.modulesSegment());
    }
    Set<Need> needs = needs(config);
    for (ModuleGroup group : kernel.groups()) {
      if (needs.contains(group.need())) {
        paths.addAll(group.modules());
        segments.add(group.segment());
      }
    }
    return new GuestModules(paths, segments);
  }

  private static Set<Need> needs(VmConfig config) {
    EnumSet<Need> needs = EnumSet.noneOf(Need.class);
    VmConfig.RootDisk root = config.boot().root();
    if (DiskPlan.count(config) > 0) {
      needs.add(Need.ROOTFS);
    }
    if (root != null) {
      needs.addAll(needs(root.fileSystem()));
    }
    for (VmConfig.ExtraDisk disk : config.disks()) {
      needs.addAll(needs(disk.fileSystem()));
    }
    return needs;
  }

  private static Set<Need> needs(@Nullable String fileSystem) {
    return switch (fileSystem) {
      case "xfs" -> Set.of(Need.XFS);
      case "btrfs" -> Set.of(Need.BTRFS);
      case null -> Set.of(Need.XFS, Need.BTRFS); // it may be any
      default -> Set.of(); // in the group for all, or built in
    };
  }
}
