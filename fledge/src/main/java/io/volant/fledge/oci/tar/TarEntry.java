package io.volant.fledge.oci.tar;

import io.volant.fledge.tree.Attributes;

/**
 * One entry of an archive.
 *
 * @param name as the archive has it; nothing is checked but that it is UTF-8 without a zero
 * @param type what it is
 * @param linkName where a link leads, as the archive has it; empty for all others
 * @param attributes owner, mode, time and extended attributes
 * @param device the numbers of a device; {@link DeviceNumbers#NONE} for all others
 * @param body where its content is; {@link TarBody#NONE} for all but files
 */
public record TarEntry(
    String name,
    Type type,
    String linkName,
    Attributes attributes,
    DeviceNumbers device,
    TarBody body) {

  /** What an entry may be. */
  public enum Type {
    FILE,
    HARD_LINK,
    SYMBOLIC_LINK,
    CHARACTER_DEVICE,
    BLOCK_DEVICE,
    FOLDER,
    FIFO
  }

  /** Which device a node stands for. */
  public record DeviceNumbers(int major, int minor) {
    /** No device. */
    public static final DeviceNumbers NONE = new DeviceNumbers(0, 0);
  }
}
