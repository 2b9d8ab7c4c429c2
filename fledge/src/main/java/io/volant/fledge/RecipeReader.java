package io.volant.fledge;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code fledge.toml}. All mistakes are told at once, with line and column. Parts of the
 * format that are not built yet are recognised, so that they are refused as what they are and not
 * as unknown keys.
 */
final class RecipeReader {
  private static final String NOT_YET =
      " is not built yet; this fledge builds initramfs recipes in the default mode";
  private static final Set<String> IMAGE_KEYS =
      Set.of("image", "dockerfile", "context", "target", "build_args");

  private final TomlSource source;
  private final Path folder;

  private RecipeReader(TomlSource source, Path folder) {
    this.source = source;
    this.folder = folder;
  }

  /** Reads a recipe; relative paths in it are relative to its folder. */
  static RecipeResult read(Path file) {
    Path folder = file.toAbsolutePath().normalize().getParent();
    return new RecipeReader(TomlSource.of(file), folder == null ? Path.of("/") : folder).result();
  }

  /** Reads a recipe from memory, as if it were a file with this name in this folder. */
  static RecipeResult read(String name, byte[] document, Path folder) {
    return new RecipeReader(TomlSource.of(name, document), folder.toAbsolutePath()).result();
  }

  private RecipeResult result() {
    if (!source.mistakes().isEmpty()) {
      return refused(source.mistakes());
    }
    Section root = source.root();
    if ("oci_rootfs".equals(root.text("strategy"))) {
      // Every further key would only be held against a strategy that is not meant.
      root.mistake("strategy", "strategy oci_rootfs" + NOT_YET);
      return refused(source.mistakes());
    }
    checkHead(root);
    refuseInit(root.section("init"));
    refuseFilesystem(root);
    AgentSource agent = agent(root.section("agent"));
    BusyboxSource busybox = busybox(root.section("source"));
    List<Mapping> mappings = new MappingsReader(root.section("mappings"), folder).mappings();
    root.refuseOthers();
    List<Mistake> mistakes = source.mistakes();
    return mistakes.isEmpty()
        ? new RecipeResult.Good(new Recipe(agent, busybox, mappings))
        : refused(mistakes);
  }

  private static RecipeResult refused(List<Mistake> mistakes) {
    Comparator<Mistake> byPlace = Comparator.comparingInt(Mistake::line);
    return new RecipeResult.Refused(
        mistakes.stream().sorted(byPlace.thenComparingInt(Mistake::column)).toList());
  }

  private static void checkHead(Section root) {
    if (!root.has("version")) {
      root.mistake("version", "version = \"1\" is missing");
    } else if (!"1".equals(root.text("version"))) {
      root.mistake("version", "version must be \"1\", the text");
    }
    String strategy = root.text("strategy");
    if (!root.has("strategy")) {
      root.mistake("strategy", "strategy is missing: \"initramfs\" or \"oci_rootfs\"");
    } else if (strategy != null && !strategy.equals("initramfs")) {
      root.mistake("strategy", "strategy must be initramfs or oci_rootfs, was " + strategy);
    }
  }

  private static void refuseInit(Section init) {
    if (init.text("path") != null) {
      init.mistake("path", "the custom mode ([init] path)" + NOT_YET);
    }
    if (init.flag("none")) {
      init.mistake("none", "the mode without an init of ours ([init] none)" + NOT_YET);
    }
    init.refuseOthers();
  }

  private static void refuseFilesystem(Section root) {
    if (root.has("filesystem")) {
      root.mistake("filesystem", "[filesystem] belongs to strategy oci_rootfs, which" + NOT_YET);
    }
  }

  private AgentSource agent(Section agent) {
    String strategy = agent.text("source_strategy");
    String version = agent.text("version");
    String path = agent.text("path");
    String url = agent.text("url");
    String checksum = agent.text("checksum");
    agent.refuseOthers();
    AgentSource built = new AgentSource.Built();
    if (strategy == null) {
      if (!agent.isEmpty() && !agent.has("source_strategy")) {
        agent.mistake("source_strategy", "[agent] needs source_strategy: local or http");
      }
      return built;
    }
    return switch (strategy) {
      case "local" -> {
        refuseWith(agent, strategy, version, url, checksum);
        yield path == null ? missing(agent, "path", built) : local(agent, path, built);
      }
      case "http" -> {
        refuseWith(agent, strategy, version, path);
        yield download(agent, url, checksum, built);
      }
      case "release" -> {
        agent.mistake(
            "source_strategy",
            "source_strategy release is not built yet; without [agent] the kestrel built with this"
                + " fledge is used");
        yield built;
      }
      default -> {
        agent.mistake(
            "source_strategy", "source_strategy must be local, http or release, was " + strategy);
        yield built;
      }
    };
  }

  private static void refuseWith(Section agent, String strategy, @Nullable String... others) {
    for (String other : others) {
      if (other != null) {
        String allowed = strategy.equals("local") ? "path" : "url and checksum";
        agent.mistake(
            "source_strategy",
            "source_strategy " + strategy + " takes " + allowed + " and nothing else");
        return;
      }
    }
  }

  private static AgentSource missing(Section agent, String key, AgentSource instead) {
    if (!agent.has(key)) {
      agent.mistake(key, "[agent] needs " + key);
    }
    return instead;
  }

  private AgentSource local(Section agent, String path, AgentSource instead) {
    Path file = HostPath.resolve(folder, path);
    if (file == null) {
      agent.mistake("path", "path is not a path: " + path);
      return instead;
    }
    return new AgentSource.Local(file);
  }

  private static AgentSource download(
      Section agent, @Nullable String url, @Nullable String checksum, AgentSource instead) {
    if (url == null) {
      missing(agent, "url", instead);
    }
    if (checksum == null) {
      missing(agent, "checksum", instead);
    }
    if (url == null || checksum == null) {
      return instead;
    }
    Checked checked = Checked.of(agent, "url", url, "checksum", checksum);
    return checked == null || checked.checksum() == null
        ? instead
        : new AgentSource.Download(checked.url(), checked.checksum());
  }

  private static BusyboxSource busybox(Section busybox) {
    for (String key : IMAGE_KEYS) {
      if (busybox.has(key)) {
        busybox.mistake(key, "a source " + key + NOT_YET);
      }
    }
    String url = busybox.text("busybox_url");
    String checksum = busybox.text("busybox_sha256");
    busybox.refuseOthers();
    if (url == null) {
      if (checksum != null && !busybox.has("busybox_url")) {
        busybox.mistake("busybox_sha256", "busybox_sha256 needs busybox_url");
      }
      return new BusyboxSource.Installed();
    }
    Checked checked = Checked.of(busybox, "busybox_url", url, "busybox_sha256", checksum);
    return checked == null
        ? new BusyboxSource.Installed()
        : new BusyboxSource.Download(checked.url(), checked.checksum());
  }
}
