package io.volant.adapter.files;

import io.volant.vm.KernelShelf;
import io.volant.vm.LaunchSpec.Kernel;
import io.volant.vm.LaunchSpec.ModuleGroup;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The kernels as folders, {@code kernels/<name>/}, each with a {@code kernel.properties} that says
 * what the image needs.
 */
public final class DirectoryKernelShelf implements KernelShelf {

  /** Tried in this order where no name is given: our own boots two to three times faster. */
  private static final List<String> PREFERRED = List.of("volant", "debian-cloud");

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
  private static final String PROPERTIES = "kernel.properties";

  private final Path shelf;
  private final Executor blocking;

  /**
   * @param shelf absolute path of the folder that holds the kernels
   * @param blocking runs what waits for the disk
   */
  public DirectoryKernelShelf(Path shelf, Executor blocking) {
    this.shelf = shelf;
    this.blocking = blocking;
  }

  @Override
  public CompletionStage<Kernel> choose(@Nullable String name) {
    return CompletableFuture.supplyAsync(() -> chooseNow(name), blocking);
  }

  private Kernel chooseNow(@Nullable String name) {
    if (name == null || name.isBlank()) {
      return PREFERRED.stream()
          .filter(candidate -> Files.isRegularFile(shelf.resolve(candidate).resolve(PROPERTIES)))
          .findFirst()
          .map(candidate -> read(shelf.resolve(candidate)))
          .orElseThrow(() ->
              new IllegalStateException(
                  "no kernel in "
                      + shelf
                      + ": get one with scripts/fetch-kernel (the"
                      + " distribution's) or make kernel (our own)"));
    }
    if (name.startsWith("/")) {
      return imageAt(Path.of(name).normalize());
    }
    if (!NAME.matcher(name).matches()
        || !Files.isRegularFile(shelf.resolve(name).resolve(PROPERTIES))) {
      throw new IllegalArgumentException(
          "no kernel \"" + name + "\" in " + shelf + ": there are " + names());
    }
    return read(shelf.resolve(name));
  }

  private Kernel imageAt(Path image) {
    if (!Files.isRegularFile(image)) {
      throw new IllegalArgumentException("there is no kernel image " + image);
    }
    Path folder = image.resolveSibling("");
    if (Files.isRegularFile(folder.resolve(PROPERTIES))) {
      Kernel described = read(folder);
      if (described.image().equals(image.toString())) {
        return described;
      }
    }
    // Nothing is known about a bare image: PCI is what every general-purpose kernel can find, and
    // its modules, if it needs any, are its owner's business.
    return new Kernel(
        String.valueOf(image.getFileName()), image.toString(), false, List.of(), null, List.of());
  }

  private Kernel read(Path folder) {
    Path file = folder.resolve(PROPERTIES);
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      properties.load(reader);
    } catch (IOException | IllegalArgumentException e) {
      throw new IllegalStateException("cannot read " + file + ": " + e.getMessage(), e);
    }
    Path image = folder.resolve(required(properties, "image", file));
    if (!Files.isRegularFile(image)) {
      throw new IllegalStateException(file + ": image=… names " + image + ", which is not there");
    }
    Path segment = segment(folder, properties, "modulesSegment");
    return new Kernel(
        required(properties, "name", file),
        image.toString(),
        flag(properties, file),
        modules(properties, "modules"),
        segment == null ? null : segment.toString(),
        groups(folder, properties));
  }

  /** What only some guests need; a kernel that has it built in has no such keys. */
  private static List<ModuleGroup> groups(Path folder, Properties properties) {
    List<ModuleGroup> groups = new ArrayList<>();
    for (ModuleGroup.Need need : ModuleGroup.Need.values()) {
      String key =
          switch (need) {
            case ROOTFS -> "modulesRootfs";
            case XFS -> "modulesXfs";
            case BTRFS -> "modulesBtrfs";
          };
      Path segment = segment(folder, properties, key + "Segment");
      if (segment != null) {
        groups.add(new ModuleGroup(need, modules(properties, key), segment.toString()));
      }
    }
    return groups;
  }

  private static @Nullable Path segment(Path folder, Properties properties, String key) {
    String name = properties.getProperty(key);
    if (name == null || name.isBlank()) {
      return null;
    }
    Path segment = folder.resolve(name.strip());
    if (!Files.isRegularFile(segment)) {
      throw new IllegalStateException(
          folder.resolve(PROPERTIES) + ": " + key + "=… names " + segment + ", which is not there");
    }
    return segment;
  }

  private static List<String> modules(Properties properties, String key) {
    return Arrays.stream(properties.getProperty(key, "").split("[\\s,]+", -1))
        .filter(module -> !module.isEmpty())
        .toList();
  }

  private static boolean flag(Properties properties, Path file) {
    String value = required(properties, "virtioMmio", file);
    return switch (value) {
      case "true" -> true;
      case "false" -> false;
      default ->
          throw new IllegalStateException(
              file + ": virtioMmio must be true or false, not \"" + value + "\"");
    };
  }

  private static String required(Properties properties, String key, Path file) {
    String value = properties.getProperty(key);
    if (value == null || value.isBlank()) {
      throw new IllegalStateException(file + ": " + key + "=… is missing");
    }
    return value.strip();
  }

  private String names() {
    try (var folders = Files.list(shelf)) {
      List<String> names =
          folders
              .filter(folder -> Files.isRegularFile(folder.resolve(PROPERTIES)))
              // Unfinished folders begin with a dot.
              .filter(folder -> NAME.matcher(String.valueOf(folder.getFileName())).matches())
              .map(folder -> String.valueOf(folder.getFileName()))
              .sorted()
              .limit(20)
              .toList();
      return names.isEmpty() ? "none" : String.join(", ", names);
    } catch (IOException e) {
      return "none";
    }
  }
}
