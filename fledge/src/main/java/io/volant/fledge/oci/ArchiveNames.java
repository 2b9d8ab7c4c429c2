package io.volant.fledge.oci;

import io.volant.fledge.oci.tar.TarBody;
import io.volant.fledge.oci.tar.TarEntry;
import io.volant.fledge.oci.tar.TarReader;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The files of an archive by name. Old versions of docker link equal layers to one another. */
final class ArchiveNames {
  private static final int ENTRIES_MAX = 20_000;
  private static final int LINKS_MAX = 8;

  private final Map<String, TarBody> files = new HashMap<>();
  private final Map<String, String> links = new HashMap<>();

  private ArchiveNames() {}

  static ArchiveNames read(FileChannel channel) throws IOException {
    ArchiveNames names = new ArchiveNames();
    TarReader reader = new TarReader(channel);
    for (TarEntry entry = reader.next(); entry != null; entry = reader.next()) {
      if (names.files.size() + names.links.size() >= ENTRIES_MAX) {
        throw new IOException("it has more than " + ENTRIES_MAX + " entries");
      }
      names.add(entry);
    }
    return names;
  }

  private void add(TarEntry entry) throws IOException {
    String name = normal("", entry.name());
    if (name == null) {
      throw new IOException("it has the entry \"" + entry.name() + "\", which leads out of it");
    }
    switch (entry.type()) {
      case FILE -> files.put(name, entry.body());
      case SYMBOLIC_LINK, HARD_LINK -> {
        boolean fromHere = entry.type() == TarEntry.Type.SYMBOLIC_LINK;
        String folder = fromHere ? name.substring(0, name.lastIndexOf('/') + 1) : "";
        String target = normal(folder, entry.linkName());
        if (target == null) {
          throw new IOException(
              "its entry \"" + entry.name() + "\" is a link that leads out of it");
        }
        links.put(name, target);
      }
      case FOLDER, CHARACTER_DEVICE, BLOCK_DEVICE, FIFO -> {
        // nothing that an image is made of
      }
    }
  }

  /** The content of the file. */
  TarBody find(String written) throws RefusedEntryException {
    String name = normal("", written);
    for (int i = 0; i < LINKS_MAX && name != null && links.containsKey(name); i++) {
      name = links.get(name);
    }
    TarBody body = name == null ? null : files.get(name);
    if (body == null) {
      throw new RefusedEntryException("names \"" + written + "\", which is not in it");
    }
    return body;
  }

  /** Without dots; null when it leads out of the archive. */
  private static @Nullable String normal(String folder, String name) {
    if (name.startsWith("/")) {
      return null;
    }
    List<String> done = new ArrayList<>();
    for (String part : (folder + name).split("/", -1)) {
      if (part.equals("..")) {
        if (done.isEmpty()) {
          return null;
        }
        done.removeLast();
      } else if (!part.isEmpty() && !part.equals(".")) {
        done.add(part);
      }
    }
    return String.join("/", done);
  }
}
