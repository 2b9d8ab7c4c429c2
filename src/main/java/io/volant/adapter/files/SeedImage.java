package io.volant.adapter.files;

import io.volant.adapter.process.CommandRunner;
import io.volant.vm.WantedDisk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes cloud-init's documents onto a small disk, as its data source NoCloud looks for them: FAT,
 * with the label CIDATA. The same documents give the same bytes.
 */
final class SeedImage {

  private static final String LABEL = "CIDATA";

  /** Room for three documents of the largest size that is taken. */
  private static final int SIZE_KIB = 4_096;

  /** FAT knows no earlier time. */
  private static final String EPOCH_SECONDS = "315532800";

  private final CommandRunner commands;

  SeedImage(CommandRunner commands) {
    this.commands = commands;
  }

  /** Makes the image; there must be no such file yet. */
  void write(Path image, WantedDisk.Seed seed) throws IOException, InterruptedException {
    Map<String, String> documents = new LinkedHashMap<>();
    documents.put("meta-data", seed.metaData());
    documents.put("user-data", seed.userData());
    if (seed.networkConfig() != null) {
      documents.put("network-config", seed.networkConfig());
    }
    Path folder = image.resolveSibling("seed.documents");
    Files.createDirectories(folder); // a daemon that died may have left it
    try {
      commands.run(
          List.of(
              "mkfs.vfat",
              "--invariant",
              "-n",
              LABEL,
              "-C",
              image.toString(),
              Integer.toString(SIZE_KIB)),
          "");
      copy(image, folder, documents);
    } finally {
      for (String name : documents.keySet()) {
        Files.deleteIfExists(folder.resolve(name));
      }
      Files.deleteIfExists(folder);
    }
  }

  private void copy(Path image, Path folder, Map<String, String> documents)
      throws IOException, InterruptedException {
    if (CommandRunner.locate("mcopy").isEmpty()) {
      throw CommandRunner.missing("mcopy"); // env would only say that it does not know it
    }
    List<String> command = new ArrayList<>();
    command.addAll(
        List.of("env", "TZ=UTC", "SOURCE_DATE_EPOCH=" + EPOCH_SECONDS, "mcopy", "-m", "-i"));
    command.add(image.toString());
    for (Map.Entry<String, String> document : documents.entrySet()) {
      Path file = folder.resolve(document.getKey());
      Files.write(file, document.getValue().getBytes(StandardCharsets.UTF_8));
      Files.setLastModifiedTime(file, FileTime.fromMillis(Long.parseLong(EPOCH_SECONDS) * 1_000));
      command.add(file.toString());
    }
    command.add("::/");
    commands.run(command, "");
  }
}
