package io.volant.fledge.oci;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** Makes archives in memory with another program's writer, hostile ones among them. */
public final class Tars {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, "UTF-8");

  private Tars() {
    tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
    tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_STAR);
  }

  public static Tars tar() {
    return new Tars();
  }

  public Tars file(String name, String text) {
    return entry(name, TarConstants.LF_NORMAL, text, _ -> {});
  }

  public Tars folder(String name) {
    return entry(name, TarConstants.LF_DIR, "", entry -> entry.setMode(0755));
  }

  public Tars link(String name, String target) {
    return entry(name, TarConstants.LF_SYMLINK, "", entry -> entry.setLinkName(target));
  }

  public Tars hardLink(String name, String target) {
    return entry(name, TarConstants.LF_LINK, "", entry -> entry.setLinkName(target));
  }

  /** Of any type, with names as they are. */
  public Tars entry(String name, byte type, String text, Consumer<TarArchiveEntry> changes) {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    TarArchiveEntry entry = new TarArchiveEntry(name, type, true);
    entry.setName(name);
    entry.setMode(0644);
    entry.setModTime(1_700_000_000_000L);
    entry.setSize(body.length);
    changes.accept(entry);
    return put(entry, body);
  }

  private Tars put(TarArchiveEntry entry, byte[] body) {
    try {
      tar.putArchiveEntry(entry);
      tar.write(body);
      tar.closeArchiveEntry();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return this;
  }

  /** An extended header of records {@code NAME=VALUE} whose characters are bytes. */
  public Tars pax(String... records) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (String record : records) {
      int length = record.length() + 2;
      int whole = length + Integer.toString(length).length();
      whole = length + Integer.toString(whole).length();
      body.writeBytes((whole + " " + record + "\n").getBytes(StandardCharsets.ISO_8859_1));
    }
    return raw("pax", (byte) 'x', body.toByteArray());
  }

  /** An entry of any type and with any body. */
  public Tars raw(String name, byte type, byte[] body) {
    TarArchiveEntry entry = new TarArchiveEntry(name, type, true);
    entry.setSize(body.length);
    return put(entry, body);
  }

  public byte[] bytes() {
    try {
      tar.finish();
      return bytes.toByteArray();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  public static byte[] gzip(byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return out.toByteArray();
  }
}
