package io.volant.fledge.oci;

import io.volant.fledge.oci.tar.TarBody;
import io.volant.fledge.oci.tar.TarContent;
import io.volant.fledge.oci.tar.TarEntry;
import io.volant.fledge.oci.tar.TarFormatException;
import io.volant.fledge.oci.tar.TarReader;
import io.volant.fledge.report.BuildFailure;
import io.volant.fledge.report.ExitCode;
import io.volant.fledge.report.OneLine;
import io.volant.fledge.tree.Attributes;
import io.volant.fledge.tree.FileTree;
import io.volant.fledge.tree.TreeEntry;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Puts the layers of an image into a tree, one over the other, by the changeset rules of the OCI
 * image specification. Files of the host are not touched; contents stay in the layers.
 *
 * <p>A whiteout hides what the layers below have, never what its own layer puts, wherever in the
 * archive it stands. Names may not lead up or be absolute; links lead where they say, inside the
 * tree.
 */
public final class LayerApplier {
  private static final String WHITEOUT = ".wh.";
  private static final String OPAQUE = ".wh..wh..opq";

  /** What the union file system aufs kept in its layers for itself. */
  private static final String AUFS = ".wh..wh.";

  private static final int LINK_TARGET_MAX = 4095;
  private static final int SHOWN_NAME_MAX = 120;

  private final FileTree tree;
  private final LayerLimits limits;
  private final FileChannel channel;
  private final ContentSum contentSum;

  /** Where this layer has put something, and the folders that it is in. */
  private final Set<String> ofThisLayer = new HashSet<>();

  /** How many bytes the files of all layers have together. */
  private static final class ContentSum {
    private long bytes;
  }

  private LayerApplier(
      FileTree tree, LayerLimits limits, FileChannel channel, ContentSum contentSum) {
    this.tree = tree;
    this.limits = limits;
    this.channel = channel;
    this.contentSum = contentSum;
  }

  /**
   * Puts all layers of the image over what is in the tree.
   *
   * @return to be kept open until the contents of the tree have been read
   * @throws BuildFailure that names the layer and the entry which cannot be
   */
  public static AppliedLayers apply(FetchedImage image, FileTree tree, LayerLimits limits)
      throws BuildFailure {
    AppliedLayers applied = new AppliedLayers();
    try {
      ContentSum contentSum = new ContentSum();
      for (LayerFile layer : image.layers()) {
        applyOne(layer, applied, tree, limits, contentSum);
      }
      return applied;
    } catch (BuildFailure | RuntimeException failure) {
      applied.close();
      throw failure;
    }
  }

  private static void applyOne(
      LayerFile layer,
      AppliedLayers applied,
      FileTree tree,
      LayerLimits limits,
      ContentSum contentSum)
      throws BuildFailure {
    try {
      FileChannel channel = applied.open(layer.tar());
      new LayerApplier(tree, limits, channel, contentSum).putAll();
    } catch (TarFormatException | RefusedEntryException refused) {
      throw failure("layer " + layer.digest() + " " + refused.getMessage());
    } catch (IOException failure) {
      throw failure("layer " + layer.digest() + " cannot be read from " + layer.tar());
    }
  }

  private static BuildFailure failure(String line) {
    return new BuildFailure(ExitCode.INPUT, OneLine.of(line));
  }

  private void putAll() throws IOException, RefusedEntryException {
    TarReader reader = new TarReader(channel);
    for (TarEntry entry = reader.next(); entry != null; entry = reader.next()) {
      try {
        put(entry);
      } catch (BuildFailure refusal) {
        throw refused(entry, "which cannot be put into the image: " + refusal.getMessage());
      }
    }
  }

  private static RefusedEntryException refused(TarEntry entry, String why) {
    String name = entry.name();
    int end =
        name.offsetByCodePoints(0, Math.min(SHOWN_NAME_MAX, name.codePointCount(0, name.length())));
    String shown = end < name.length() ? name.substring(0, end) + "…" : name;
    return new RefusedEntryException("has the entry \"" + shown + "\", " + why);
  }

  private void put(TarEntry entry) throws BuildFailure, RefusedEntryException {
    String path = path(entry);
    String name = path.substring(path.lastIndexOf('/') + 1);
    String folder = path.substring(0, path.length() - name.length());
    if (name.equals(OPAQUE)) {
      String marker = tree.place(path);
      hideBelow(marker.substring(0, marker.lastIndexOf('/')));
    } else if (path.contains("/" + AUFS)) {
      return;
    } else if (name.startsWith(WHITEOUT)) {
      String hidden = name.substring(WHITEOUT.length());
      if (hidden.isEmpty() || hidden.equals(".") || hidden.equals("..")) {
        throw refused(entry, "a whiteout of nothing");
      }
      hide(tree.place(folder + hidden));
    } else if (path.equals("/")) {
      putRoot(entry);
    } else {
      remember(tree.replace(path, treeEntry(entry)));
    }
  }

  /** The absolute path in the image, without dots and double slashes. */
  private static String path(TarEntry entry) throws RefusedEntryException {
    String name = entry.name();
    if (name.isEmpty()) {
      throw refused(entry, "which has no name");
    }
    if (name.startsWith("/") && !name.equals("/")) {
      throw refused(entry, "an absolute name; names must be relative to the image's root");
    }
    return normal(entry, name);
  }

  private static String normal(TarEntry entry, String name) throws RefusedEntryException {
    StringBuilder path = new StringBuilder();
    for (String part : name.split("/", -1)) {
      if (part.equals("..")) {
        throw refused(entry, "a name that leads out of the image or up in it");
      }
      if (!part.isEmpty() && !part.equals(".")) {
        path.append('/').append(part);
      }
    }
    return path.isEmpty() ? "/" : path.toString();
  }

  private void putRoot(TarEntry entry) throws BuildFailure, RefusedEntryException {
    if (entry.type() != TarEntry.Type.FOLDER) {
      throw refused(entry, "which is the root and not a folder");
    }
    tree.folder("/", entry.attributes());
  }

  private void remember(String place) {
    String up = place;
    while (!up.isEmpty() && ofThisLayer.add(up)) {
      up = up.substring(0, up.lastIndexOf('/'));
    }
  }

  /** Takes away what lower layers have at the place and in it. */
  private void hide(String place) throws BuildFailure {
    if (ofThisLayer.contains(place)) {
      hideBelow(place);
    } else {
      tree.remove(place);
    }
  }

  private void hideBelow(String place) throws BuildFailure {
    Stream<String> names = tree.below(place.isEmpty() ? "/" : place).keySet().stream();
    for (String lower : names.filter(name -> !ofThisLayer.contains(name)).toList()) {
      tree.remove(lower);
    }
  }

  private TreeEntry treeEntry(TarEntry entry) throws BuildFailure, RefusedEntryException {
    Attributes attributes = entry.attributes();
    return switch (entry.type()) {
      case FILE -> tree.newFile(attributes, new TarContent(channel, counted(entry)));
      case FOLDER -> new TreeEntry.Folder(attributes);
      case SYMBOLIC_LINK -> symbolicLink(entry);
      case HARD_LINK -> hardLink(entry);
      case CHARACTER_DEVICE -> device(entry, TreeEntry.Device.Kind.CHARACTER);
      case BLOCK_DEVICE -> device(entry, TreeEntry.Device.Kind.BLOCK);
      case FIFO -> new TreeEntry.Fifo(attributes);
    };
  }

  private TarBody counted(TarEntry entry) throws RefusedEntryException {
    long bytes = entry.body().sizeBytes();
    if (bytes > limits.unpackedBytes() - contentSum.bytes) {
      throw refused(
          entry,
          "with which the image's files are larger than "
              + limits.unpackedBytes()
              + " bytes, more than is allowed");
    }
    contentSum.bytes += bytes;
    return entry.body();
  }

  private static TreeEntry device(TarEntry entry, TreeEntry.Device.Kind kind) {
    return new TreeEntry.Device(
        entry.attributes(), kind, entry.device().major(), entry.device().minor());
  }

  private static TreeEntry symbolicLink(TarEntry entry) throws RefusedEntryException {
    String target = entry.linkName();
    if (target.isEmpty() || target.length() > LINK_TARGET_MAX) {
      throw refused(entry, "a symbolic link whose target is empty or too long");
    }
    return new TreeEntry.Link(entry.attributes(), target);
  }

  /** The same file under another name: the target is what is in the tree now. */
  private TreeEntry hardLink(TarEntry entry) throws BuildFailure, RefusedEntryException {
    String target = tree.place(normal(entry, entry.linkName()));
    TreeEntry there = tree.at(target);
    if (there == null) {
      throw refused(entry, "a hard link to \"" + entry.linkName() + "\", which is not there");
    }
    return switch (there) {
      case TreeEntry.Folder _ ->
          throw refused(entry, "a hard link to \"" + entry.linkName() + "\", which is a folder");
      case TreeEntry.File _, TreeEntry.Link _, TreeEntry.Device _, TreeEntry.Fifo _ -> there;
    };
  }
}
