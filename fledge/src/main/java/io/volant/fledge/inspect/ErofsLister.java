package io.volant.fledge.inspect;

import io.volant.fledge.report.BuildFailure;
import io.volant.fledge.report.ExitCode;
import java.io.EOFException;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads the folders of an erofs. They are never compressed, so this needs no tool. */
final class ErofsLister implements Lister {
  private static final int DEPTH_MAX = 64;
  private static final int ENTRY_BYTES = 12;
  private static final int NAME_OFFSET = 8;
  private static final int TARGET_BYTES_MAX = 4096;

  @Override
  public void list(Path artifact, Consumer<ListedFile> files) throws BuildFailure {
    try (ErofsImage image = ErofsImage.open(artifact)) {
      Walk walk = new Walk(image, files);
      walk.folder("", image.rootNumber(), 0);
    } catch (EOFException
        | IndexOutOfBoundsException
        | IllegalArgumentException
        | ArithmeticException
        | BufferUnderflowException broken) {
      throw damaged(artifact, "something in it points beyond its end");
    } catch (IOException failure) {
      throw damaged(artifact, String.valueOf(failure.getMessage()));
    }
  }

  private static BuildFailure damaged(Path artifact, String why) {
    return new BuildFailure(ExitCode.INPUT, artifact + " is not a good erofs: " + why);
  }

  /** One walk through all folders. */
  private static final class Walk {
    private final ErofsImage image;
    private final Consumer<ListedFile> files;
    private final Set<Long> seen = new HashSet<>();
    private int count;

    Walk(ErofsImage image, Consumer<ListedFile> files) {
      this.image = image;
      this.files = files;
    }

    void folder(String path, long number, int depth) throws IOException {
      if (depth > DEPTH_MAX || !seen.add(number)) {
        throw new IOException("its folders lead in a circle, or are deeper than " + DEPTH_MAX);
      }
      ErofsImage.Inode inode = image.inode(number);
      for (long at = 0; at < inode.sizeBytes(); at += image.blockBytes()) {
        int length = (int) Math.min(image.blockBytes(), inode.sizeBytes() - at);
        block(path, image.content(inode, at, length), depth);
      }
    }

    private void block(String path, ByteBuffer block, int depth) throws IOException {
      int entries = Short.toUnsignedInt(block.getShort(NAME_OFFSET)) / ENTRY_BYTES;
      for (int i = 0; i < entries; i++) {
        String name = name(block, i, entries);
        if (!name.equals(".") && !name.equals("..")) {
          entry(path + "/" + name, block.getLong(i * ENTRY_BYTES), depth);
        }
      }
    }

    private static String name(ByteBuffer block, int index, int entries) {
      int start = Short.toUnsignedInt(block.getShort(index * ENTRY_BYTES + NAME_OFFSET));
      int end =
          index + 1 < entries
              ? Short.toUnsignedInt(block.getShort((index + 1) * ENTRY_BYTES + NAME_OFFSET))
              : block.limit();
      byte[] name = new byte[Math.max(0, end - start)];
      block.get(start, name);
      String text = new String(name, StandardCharsets.UTF_8);
      int padding = text.indexOf('\0');
      return padding < 0 ? text : text.substring(0, padding);
    }

    private void entry(String path, long number, int depth) throws IOException {
      count++;
      if (count > FILES_MAX) {
        throw new IOException("it has more than " + FILES_MAX + " files");
      }
      ErofsImage.Inode inode = image.inode(number);
      ListedFile.Kind kind = ListedFile.Kind.ofMode(inode.mode());
      boolean hasContent = kind == ListedFile.Kind.FILE || kind == ListedFile.Kind.LINK;
      files.accept(
          new ListedFile(
              path,
              kind,
              inode.mode() & 07777,
              inode.uid(),
              inode.gid(),
              hasContent ? inode.sizeBytes() : 0,
              kind == ListedFile.Kind.LINK ? target(inode) : null));
      if (kind == ListedFile.Kind.FOLDER) {
        folder(path, number, depth + 1);
      }
    }

    private @Nullable String target(ErofsImage.Inode inode) throws IOException {
      if (inode.sizeBytes() > TARGET_BYTES_MAX || !inode.isPlain()) {
        return null;
      }
      byte[] target = new byte[(int) inode.sizeBytes()];
      image.content(inode, 0, target.length).get(target);
      return new String(target, StandardCharsets.UTF_8);
    }
  }
}
