package io.volant.adapter.qemu;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.volant.artifact.DiskFormat;
import io.volant.vm.LaunchSpec;

/**
 * A disk's option {@code -blockdev}, as JSON. All that QEMU would find out by looking into a file
 * is said here: formats, and what a qcow2 builds on. A file that a stranger made names nothing that
 * is opened.
 *
 * <p>The host's page cache is used (many guests share a base), and a flush of the guest's reaches
 * the disk: what a guest was told is written survives a crash of the host.
 */
final class BlockNode {

  private static final ObjectMapper JSON = new ObjectMapper();

  private BlockNode() {}

  static String of(LaunchSpec.BlockDevice disk, String name) {
    ObjectNode node = node(disk.path(), disk.format(), disk.readOnly());
    LaunchSpec.Base base = disk.base();
    if (base != null) {
      node.set("backing", node(base.path(), base.format(), true));
    }
    node.put("node-name", name);
    return node.toString();
  }

  private static ObjectNode node(String path, DiskFormat format, boolean readOnly) {
    ObjectNode node = JSON.createObjectNode();
    switch (format) {
      case RAW -> node.put("driver", "raw");
      case QCOW2 -> node.put("driver", "qcow2").putNull("backing");
    }
    node.put("read-only", readOnly);
    ObjectNode file = node.putObject("file");
    file.put("driver", "file").put("filename", path).put("aio", "threads");
    file.put("read-only", readOnly);
    if (!readOnly) { // what the guest frees, the host gets back
      node.put("discard", "unmap");
      file.put("discard", "unmap");
    }
    return node;
  }
}
