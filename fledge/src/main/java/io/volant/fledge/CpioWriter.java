package io.volant.fledge;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.zip.Deflater;
import org.apache.commons.compress.archivers.cpio.CpioArchiveEntry;
import org.apache.commons.compress.archivers.cpio.CpioArchiveOutputStream;
import org.apache.commons.compress.archivers.cpio.CpioConstants;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipParameters;

/**
 * Writes a tree as the kernel wants an initramfs: newc cpio in gzip. The same tree gives the same
 * bytes: one fixed time, root as the owner, numbers by order, and nothing about the host in the
 * gzip header.
 */
final class CpioWriter {
  /** 1 January 1980, 00:00 UTC: the earliest that every archive format can hold. */
  private static final long TIME_S = 315_532_800;

  /** The size field of newc has eight hexadecimal digits. */
  private static final long FILE_BYTES_MAX = 0xFFFF_FFFFL;

  private static final int OS_UNKNOWN = 255;
  private static final int BLOCK_BYTES = 512;
  private static final int LINK_MODE = 0777;

  private CpioWriter() {}

  /** Writes everything and closes the stream. */
  static void write(FileTree tree, OutputStream output) throws IOException {
    try (GzipCompressorOutputStream gzip = new GzipCompressorOutputStream(output, gzipHeader());
        CpioArchiveOutputStream cpio =
            new CpioArchiveOutputStream(
                gzip, CpioConstants.FORMAT_NEW, BLOCK_BYTES, StandardCharsets.UTF_8.name())) {
      long inode = 1;
      for (Map.Entry<String, TreeEntry> entry : tree.entries().entrySet()) {
        // Names in the archive are relative to the root.
        write(cpio, entry.getKey().substring(1), inode, entry.getValue());
        inode++;
      }
    }
  }

  private static GzipParameters gzipHeader() {
    GzipParameters header = new GzipParameters();
    header.setCompressionLevel(Deflater.DEFAULT_COMPRESSION);
    header.setOperatingSystem(OS_UNKNOWN);
    return header;
  }

  private static void write(CpioArchiveOutputStream cpio, String name, long inode, TreeEntry entry)
      throws IOException {
    switch (entry) {
      case TreeEntry.Folder(var mode) ->
          writeBytes(cpio, header(name, inode, CpioConstants.C_ISDIR | mode), new byte[0]);
      case TreeEntry.Link(var target) ->
          writeBytes(
              cpio,
              header(name, inode, CpioConstants.C_ISLNK | LINK_MODE),
              target.getBytes(StandardCharsets.UTF_8));
      case TreeEntry.File(var mode, var content) ->
          writeFile(cpio, header(name, inode, CpioConstants.C_ISREG | mode), content);
    }
  }

  private static CpioArchiveEntry header(String name, long inode, int mode) {
    CpioArchiveEntry header = new CpioArchiveEntry(CpioConstants.FORMAT_NEW, name);
    header.setMode(mode);
    header.setInode(inode);
    header.setNumberOfLinks((mode & CpioConstants.S_IFMT) == CpioConstants.C_ISDIR ? 2 : 1);
    header.setTime(TIME_S);
    header.setUID(0);
    header.setGID(0);
    return header;
  }

  private static void writeBytes(CpioArchiveOutputStream cpio, CpioArchiveEntry header, byte[] body)
      throws IOException {
    header.setSize(body.length);
    cpio.putArchiveEntry(header);
    cpio.write(body);
    cpio.closeArchiveEntry();
  }

  private static void writeFile(
      CpioArchiveOutputStream cpio, CpioArchiveEntry header, Content content) throws IOException {
    if (content.sizeBytes() > FILE_BYTES_MAX) {
      throw new IOException(
          "/" + header.getName() + " has 4 GiB or more, which an initramfs cannot hold");
    }
    header.setSize(content.sizeBytes());
    cpio.putArchiveEntry(header);
    try (InputStream body = content.open()) {
      body.transferTo(cpio);
    }
    cpio.closeArchiveEntry();
  }
}
