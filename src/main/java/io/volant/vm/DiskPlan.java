package io.volant.vm;

import io.volant.artifact.DiskFormat;
import io.volant.artifact.StoredArtifact;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;

/**
 * Which disks a VM has, in the order in which its guest finds them where a kernel finds them in
 * order: root, further disks, seed, overlay. So {@code vdb} is the first further disk. Pure.
 */
final class DiskPlan {

  static final String ROOT = "volant-root";
  static final String OVERLAY = "volant-overlay";
  static final String SEED = "volant-seed";

  /** As much as virtio has room for. */
  private static final int SERIAL_LENGTH_MAX = 20;

  private static final int HASH_DIGITS = 8;

  /** Names that begin so are ours: a disk of that name gets another serial number. */
  private static final String RESERVED = "volant-";

  private DiskPlan() {}

  /**
   * The disks of a VM that has what it boots from.
   *
   * @param overlayBytes size of an overlay disk whose size nobody said
   * @throws IllegalArgumentException with a message for people, when a size cannot be
   */
  static List<WantedDisk> of(Vm vm, long overlayBytes) {
    VmConfig config = vm.config().config();
    Holdings.Sources sources = Objects.requireNonNull(vm.holdings().sources());
    List<WantedDisk> disks = new ArrayList<>();
    VmConfig.RootDisk root = config.boot().root();
    if (root != null) {
      disks.add(base(ROOT, sources.boot(), root.format(), root.writeProtected()));
    }
    for (int i = 0; i < config.disks().size(); i++) {
      VmConfig.ExtraDisk disk = config.disks().get(i);
      disks.add(base(serial(disk.name()), sources.disks().get(i), disk.format(), disk.readOnly()));
    }
    VmConfig.Seed seed = config.seed();
    if (seed != null) {
      disks.add(seed(vm, seed));
    }
    if (root != null && hasOverlayDisk(root)) {
      String size = root.overlaySize();
      disks.add(
          new WantedDisk.Empty(OVERLAY, size == null ? overlayBytes : OverlaySize.diskBytes(size)));
    }
    return disks;
  }

  /** How many disks a VM with this config has. */
  static int count(VmConfig config) {
    VmConfig.RootDisk root = config.boot().root();
    int ofRoot = root == null ? 0 : hasOverlayDisk(root) ? 2 : 1;
    return ofRoot + config.disks().size() + (config.seed() == null ? 0 : 1);
  }

  /** Whether changes to the root file system go to a disk that is laid over it in the guest. */
  static boolean hasOverlayDisk(VmConfig.RootDisk root) {
    return root.writeProtected() && root.overlay() == VmConfig.RootDisk.Overlay.DISK;
  }

  /** The serial number of a further disk: its name, shortened where it is too long or ours. */
  static String serial(String name) {
    if (name.length() <= SERIAL_LENGTH_MAX && !name.startsWith(RESERVED)) {
      return name;
    }
    int kept = SERIAL_LENGTH_MAX - HASH_DIGITS - 1;
    return name.substring(0, Math.min(kept, name.length()))
        + "-"
        + hash(name).substring(0, HASH_DIGITS);
  }

  private static WantedDisk base(
      String serial, StoredArtifact image, DiskFormat format, boolean readOnly) {
    return readOnly
        ? new WantedDisk.Shared(serial, image.path(), format)
        : new WantedDisk.Layered(serial, image.path(), format);
  }

  private static WantedDisk seed(Vm vm, VmConfig.Seed seed) {
    String metaData = "instance-id: volant-%s\nlocal-hostname: %s\n".formatted(vm.id(), vm.name());
    return new WantedDisk.Seed(
        SEED,
        Objects.requireNonNullElse(seed.userData(), ""),
        Objects.requireNonNullElse(seed.metaData(), metaData),
        seed.networkConfig());
  }

  private static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
