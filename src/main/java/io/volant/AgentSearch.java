package io.volant;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where kestrel is: the guest agent that was built with this daemon. */
final class AgentSearch {

  /** From target/classes the repository is two folders up, from a distribution in it four. */
  private static final int FOLDERS_UP_MAX = 5;

  private AgentSearch() {}

  /**
   * The setting's file; where it is empty, that of the distribution or repository around the code.
   * Nothing needs to be there: whoever boots an initramfs only needs no agent of ours.
   */
  static Path find(String setting) {
    if (!setting.isEmpty()) {
      if (!setting.startsWith("/")) {
        throw new SettingsException("volant.guest.agent", setting, "an absolute path");
      }
      return Path.of(setting).normalize();
    }
    String distribution = System.getProperty("volant.distribution");
    return distribution == null
        ? aroundTheCode()
        : Path.of(distribution).toAbsolutePath().resolve("libexec/kestrel").normalize();
  }

  private static Path aroundTheCode() {
    Path code = code();
    Path folder = code.getParent();
    for (int i = 0; i < FOLDERS_UP_MAX && folder != null; i++) {
      Path built = folder.resolve("kestrel/build/kestrel");
      if (Files.isRegularFile(built)) {
        return built;
      }
      folder = folder.getParent();
    }
    return code.resolveSibling("libexec/kestrel");
  }

  private static Path code() {
    try {
      return Path.of(AgentSearch.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException impossible) {
      throw new IllegalStateException("the place of this code is not a path", impossible);
    }
  }
}
