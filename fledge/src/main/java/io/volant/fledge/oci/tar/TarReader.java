package io.volant.fledge.oci.tar;

import io.volant.fledge.tree.Attributes;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The entries of an archive one after the other, without reading the contents of files. Knows ustar
 * with its extended headers (pax), star and GNU: long names, large numbers, sparse files in all
 * four forms. Global extended headers are passed over, as containerd does.
 */
public final class TarReader {
  /** Names, link targets and attributes of one entry; Go's reader has the same limit. */
  private static final int EXTENSION_BYTES_MAX = 1024 * 1024;

  private static final int MODE_BITS = 07777;
  private static final int MAJOR_MAX = 0xFFF;
  private static final int MINOR_MAX = 0xFFFFF;

  private final TarWindow window;
  private long position;

  /** What stands before the header that it belongs to. */
  private static final class Extensions {
    private PaxRecords pax = PaxRecords.NONE;
    private @Nullable String name;
    private @Nullable String linkName;
    private boolean any;
  }

  /** Begins at the start of the file, which must not change meanwhile. */
  public TarReader(FileChannel channel) throws IOException {
    window = new TarWindow(channel);
  }

  /** How far into the archive this is, in bytes. */
  public long position() {
    return position;
  }

  /** The next entry; null at the end. */
  public @Nullable TarEntry next() throws IOException {
    Extensions extensions = new Extensions();
    TarHeader header = nextHeader();
    while (header != null) {
      switch (header.type()) {
        case 'x', 'X' -> extensions.pax = PaxRecords.parse(extension(header));
        case 'L' -> extensions.name = longText(header);
        case 'K' -> extensions.linkName = longText(header);
        case 'g' -> skip(header.sizeBytes());
        default -> {
          return entry(header, extensions);
        }
      }
      extensions.any |= header.type() != 'g';
      header = nextHeader();
    }
    if (extensions.any) {
      throw new TarFormatException("is cut off");
    }
    return null;
  }

  /** Null at the end: a block of zeros, or no block at all. */
  private @Nullable TarHeader nextHeader() throws IOException {
    if (position == window.sizeBytes()) {
      return null;
    }
    byte[] block = nextBlock();
    if (isZero(block)) {
      boolean another = position == window.sizeBytes() || isZero(nextBlock());
      if (!another) {
        throw new TarFormatException("has entries after its end");
      }
      return null;
    }
    return new TarHeader(block);
  }

  private byte[] nextBlock() throws IOException {
    byte[] block = window.bytes(position, TarHeader.BLOCK_BYTES);
    position += TarHeader.BLOCK_BYTES;
    return block;
  }

  private static boolean isZero(byte[] block) {
    for (byte value : block) {
      if (value != 0) {
        return false;
      }
    }
    return true;
  }

  private void skip(long sizeBytes) throws TarFormatException {
    if (sizeBytes > window.sizeBytes() - position) {
      throw new TarFormatException("is cut off");
    }
    long blocks = Math.ceilDiv(sizeBytes, TarHeader.BLOCK_BYTES);
    // The last block of a file may lack its padding when it is the end of the archive.
    position = Math.min(window.sizeBytes(), position + blocks * TarHeader.BLOCK_BYTES);
  }

  private byte[] extension(TarHeader header) throws IOException {
    if (header.sizeBytes() > EXTENSION_BYTES_MAX) {
      throw new TarFormatException(
          "has an extended header of more than " + EXTENSION_BYTES_MAX + " bytes");
    }
    byte[] body = window.bytes(position, (int) header.sizeBytes());
    skip(body.length);
    return body;
  }

  private String longText(TarHeader header) throws IOException {
    byte[] body = extension(header);
    return TarFields.text(body, 0, body.length);
  }

  private TarEntry entry(TarHeader header, Extensions extensions) throws IOException {
    PaxRecords pax = extensions.pax;
    String name = firstOf(pax.text("path"), extensions.name, header.name());
    TarEntry.Type type = type(header.type(), name);
    boolean isFile = type == TarEntry.Type.FILE;
    String sparseName = isFile ? pax.text("GNU.sparse.name") : null;
    return new TarEntry(
        sparseName == null ? name : sparseName,
        type,
        isLink(type) ? firstOf(pax.text("linkpath"), extensions.linkName, header.linkName()) : "",
        attributes(header, pax),
        device(header, type),
        isFile ? body(header, pax) : TarBody.NONE);
  }

  private static String firstOf(@Nullable String extended, @Nullable String gnu, String inHeader) {
    if (extended != null) {
      return extended;
    }
    return gnu == null ? inHeader : gnu;
  }

  private static TarEntry.Type type(char letter, String name) throws TarFormatException {
    return switch (letter) {
      // Archives older than ustar mark folders by their name only.
      case '\0' -> name.endsWith("/") ? TarEntry.Type.FOLDER : TarEntry.Type.FILE;
      case '0', 'S' -> TarEntry.Type.FILE;
      case '1' -> TarEntry.Type.HARD_LINK;
      case '2' -> TarEntry.Type.SYMBOLIC_LINK;
      case '3' -> TarEntry.Type.CHARACTER_DEVICE;
      case '4' -> TarEntry.Type.BLOCK_DEVICE;
      case '5' -> TarEntry.Type.FOLDER;
      case '6' -> TarEntry.Type.FIFO;
      default ->
          throw new TarFormatException(
              "has an entry of the unknown type '" + letter + "': " + name);
    };
  }

  private static boolean isLink(TarEntry.Type type) {
    return type == TarEntry.Type.HARD_LINK || type == TarEntry.Type.SYMBOLIC_LINK;
  }

  private static Attributes attributes(TarHeader header, PaxRecords pax) throws TarFormatException {
    Long uid = pax.number("uid");
    Long gid = pax.number("gid");
    Long modifiedS = pax.number("mtime");
    return new Attributes(
        (int) (header.mode() & MODE_BITS),
        owner(uid == null ? header.uid() : uid),
        owner(gid == null ? header.gid() : gid),
        Math.max(0, modifiedS == null ? header.modifiedS() : modifiedS),
        pax.extendedAttributes());
  }

  private static int owner(long number) throws TarFormatException {
    return bounded(number, Integer.MAX_VALUE, "an owner");
  }

  private static TarEntry.DeviceNumbers device(TarHeader header, TarEntry.Type type)
      throws TarFormatException {
    return switch (type) {
      case CHARACTER_DEVICE, BLOCK_DEVICE ->
          new TarEntry.DeviceNumbers(
              bounded(header.major(), MAJOR_MAX, "a device"),
              bounded(header.minor(), MINOR_MAX, "a device"));
      case FILE, HARD_LINK, SYMBOLIC_LINK, FOLDER, FIFO -> TarEntry.DeviceNumbers.NONE;
    };
  }

  private static int bounded(long number, int most, String what) throws TarFormatException {
    if (number < 0 || number > most) {
      throw new TarFormatException(
          "has " + what + " with the number " + number + "; 0 to " + most + " are allowed");
    }
    return (int) number;
  }

  private TarBody body(TarHeader header, PaxRecords pax) throws IOException {
    Long extended = pax.number("size");
    long stored = extended == null ? header.sizeBytes() : extended;
    if (stored < 0) {
      throw new TarFormatException("has an entry of negative size");
    }
    TarBody body = sparseOrWhole(header, pax, stored);
    skip(body.storedBytes());
    return body;
  }

  private TarBody sparseOrWhole(TarHeader header, PaxRecords pax, long stored) throws IOException {
    if (header.type() == 'S') {
      List<Long> pieces = SparseForms.gnu(header, this::nextBlock);
      return sparse(header.sparseSizeBytes(), stored, pieces);
    }
    Long size = SparseForms.sizeBytes(pax);
    if (size == null) {
      return TarBody.whole(position, stored);
    }
    if (SparseForms.mapIsInBody(pax)) {
      long start = position;
      List<Long> pieces = SparseForms.inBody(this::nextBlock, stored);
      return sparse(size, stored - (position - start), pieces);
    }
    return sparse(size, stored, SparseForms.inHeader(pax));
  }

  private TarBody sparse(long sizeBytes, long stored, List<Long> pieces) throws TarFormatException {
    if (sizeBytes < 0 || stored < 0) {
      throw new TarFormatException("has a sparse file of negative size");
    }
    return new TarBody(position, stored, sizeBytes, SparseMap.of(pieces, sizeBytes, stored));
  }
}
