package io.volant.fledge.tree;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.Deflater;
import org.apache.commons.compress.archivers.cpio.CpioArchiveEntry;
import org.apache.commons.compress.archivers.cpio.CpioArchiveOutputStream;
import org.apache.commons.compress.archivers.cpio.CpioConstants;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipParameters;

/**
 * Writes a tree as the kernel wants an initramfs: newc cpio in gzip. The same tree gives the same
 * bytes: numbers by order, and nothing about the host in the gzip header. Extended attributes are
 * left out, as the format has no place for them.
 */
public final class CpioWriter {
  /** The size field of newc has eight hexadecimal digits, and so has the time. */
  private static final long FIELD_MAX = 0xFFFF_FFFFL;

  private static final int OS_UNKNOWN = 255;
  private static final int BLOCK_BYTES = 512;
  private static final int LINK_MODE = 0777;

  private final FileTree tree;
  private final CpioArchiveOutputStream cpio;
  private final Map<Long, Long> namesOfInode = new HashMap<>();
  private final Map<Long, Long> numberOfInode = new HashMap<>();
  private long lastNumber;

  private CpioWriter(FileTree tree, CpioArchiveOutputStream cpio) {
    this.tree = tree;
    this.cpio = cpio;
  }

  /** Writes everything and closes the stream. */
  public static void write(FileTree tree, OutputStream output) throws IOException {
    try (GzipCompressorOutputStream gzip = new GzipCompressorOutputStream(output, gzipHeader());
        CpioArchiveOutputStream cpio =
            new CpioArchiveOutputStream(
                gzip, CpioConstants.FORMAT_NEW, BLOCK_BYTES, StandardCharsets.UTF_8.name())) {
      new CpioWriter(tree, cpio).writeAll();
    }
  }

  private static GzipParameters gzipHeader() {
    GzipParameters header = new GzipParameters();
    header.setCompressionLevel(Deflater.DEFAULT_COMPRESSION);
    header.setOperatingSystem(OS_UNKNOWN);
    return header;
  }

  private void writeAll() throws IOException {
    for (TreeEntry entry : tree.entries().values()) {
      if (entry instanceof TreeEntry.File file) {
        namesOfInode.merge(file.inode(), 1L, Long::sum);
      }
    }
    for (Map.Entry<String, TreeEntry> entry : tree.entries().entrySet()) {
      // Names in the archive are relative to the root.
      write(entry.getKey().substring(1), entry.getValue());
    }
  }

  private void write(String name, TreeEntry entry) throws IOException {
    Attributes attributes = entry.attributes();
    switch (entry) {
      case TreeEntry.Folder _ -> {
        CpioArchiveEntry header = header(name, CpioConstants.C_ISDIR, attributes);
        header.setNumberOfLinks(2);
        writeBytes(header, new byte[0]);
      }
      case TreeEntry.Link(_, var target) -> {
        CpioArchiveEntry header = header(name, CpioConstants.C_ISLNK, attributes);
        header.setMode(CpioConstants.C_ISLNK | LINK_MODE);
        writeBytes(header, target.getBytes(StandardCharsets.UTF_8));
      }
      case TreeEntry.Device(_, var kind, var major, var minor) -> {
        CpioArchiveEntry header = header(name, typeOf(kind), attributes);
        header.setRemoteDeviceMaj(major);
        header.setRemoteDeviceMin(minor);
        writeBytes(header, new byte[0]);
      }
      case TreeEntry.Fifo _ ->
          writeBytes(header(name, CpioConstants.C_ISFIFO, attributes), new byte[0]);
      case TreeEntry.File file -> writeFile(name, file);
    }
  }

  private static long typeOf(TreeEntry.Device.Kind kind) {
    return switch (kind) {
      case CHARACTER -> CpioConstants.C_ISCHR;
      case BLOCK -> CpioConstants.C_ISBLK;
    };
  }

  private CpioArchiveEntry header(String name, long type, Attributes attributes) {
    lastNumber++;
    CpioArchiveEntry header = new CpioArchiveEntry(CpioConstants.FORMAT_NEW, name);
    header.setMode(type | attributes.mode());
    header.setInode(lastNumber);
    header.setNumberOfLinks(1);
    header.setTime(Math.clamp(attributes.modifiedS(), 0, FIELD_MAX));
    header.setUID(attributes.uid());
    header.setGID(attributes.gid());
    return header;
  }

  private void writeBytes(CpioArchiveEntry header, byte[] body) throws IOException {
    header.setSize(body.length);
    cpio.putArchiveEntry(header);
    cpio.write(body);
    cpio.closeArchiveEntry();
  }

  private void writeFile(String name, TreeEntry.File file) throws IOException {
    Content content = file.content();
    if (content.sizeBytes() > FIELD_MAX) {
      throw new IOException("/" + name + " has 4 GiB or more, which an initramfs cannot hold");
    }
    CpioArchiveEntry header = header(name, CpioConstants.C_ISREG, file.attributes());
    header.setNumberOfLinks(namesOfInode.getOrDefault(file.inode(), 1L));
    Long earlier = numberOfInode.putIfAbsent(file.inode(), header.getInode());
    if (earlier != null) { // the content stands with the first of the names
      header.setInode(earlier);
      writeBytes(header, new byte[0]);
      return;
    }
    header.setSize(content.sizeBytes());
    cpio.putArchiveEntry(header);
    try (InputStream body = content.open()) {
      body.transferTo(cpio);
    }
    cpio.closeArchiveEntry();
  }
}
