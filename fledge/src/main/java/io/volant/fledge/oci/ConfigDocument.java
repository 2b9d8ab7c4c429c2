package io.volant.fledge.oci;

import io.volant.fledge.report.BuildFailure;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An image's configuration document.
 *
 * @param config how the image wants to be run
 * @param platform which machines it is for; null: it does not say
 * @param diffIds the digests of the layers without compression, from the lowest to the highest
 */
record ConfigDocument(ImageConfig config, @Nullable Platform platform, List<Digest> diffIds) {
  /** Histories of thousands of steps have a few hundred kilobytes. */
  static final int BYTES_MAX = 8 * 1024 * 1024;

  private static final Pattern PORT = Pattern.compile("([0-9]{1,5})(?:-[0-9]{1,5})?(?:/[a-z]+)?");
  private static final int PORT_MAX = 65_535;

  static ConfigDocument read(byte[] document, String where) throws BuildFailure {
    Fields fields = Fields.parse(document, where);
    Fields rootfs = fields.object("rootfs");
    if (rootfs == null) {
      throw fields.mistake("has no \"rootfs\", so it is not that of a container image");
    }
    List<Digest> diffIds = new ArrayList<>();
    for (String diffId : rootfs.texts("diff_ids")) {
      diffIds.add(Digest.parse(diffId, rootfs.where()));
    }
    Fields run = fields.object("config");
    return new ConfigDocument(
        run == null ? ImageConfig.NONE : config(run), Descriptor.platform(fields), diffIds);
  }

  private static ImageConfig config(Fields run) throws BuildFailure {
    return new ImageConfig(
        run.texts("Entrypoint"),
        run.texts("Cmd"),
        env(run),
        workdir(run.text("WorkingDir")),
        emptyToNull(run.text("User")),
        ports(run.object("ExposedPorts")));
  }

  /** One without an equals sign stands for a variable that is not set. */
  private static Map<String, String> env(Fields run) throws BuildFailure {
    Map<String, String> env = new TreeMap<>();
    for (String entry : run.texts("Env")) {
      int equals = entry.indexOf('=');
      if (equals > 0) {
        env.put(entry.substring(0, equals), entry.substring(equals + 1));
      }
    }
    return env;
  }

  private static @Nullable String workdir(@Nullable String written) {
    if (written == null || written.isEmpty()) {
      return null;
    }
    return written.startsWith("/") ? written : "/" + written;
  }

  private static @Nullable String emptyToNull(@Nullable String text) {
    return text == null || text.isEmpty() ? null : text;
  }

  private static List<String> ports(@Nullable Fields exposed) throws BuildFailure {
    if (exposed == null) {
      return List.of();
    }
    for (String port : exposed.names()) {
      if (number(port) < 1 || number(port) > PORT_MAX) {
        throw exposed.mistake("has \"" + port + "\", which is not a port such as 80/tcp");
      }
    }
    return exposed.names().stream()
        .sorted(
            Comparator.comparingInt(ConfigDocument::number)
                .thenComparing(Comparator.naturalOrder()))
        .toList();
  }

  /** 0: not a port. */
  private static int number(String port) {
    Matcher matcher = PORT.matcher(port);
    return matcher.matches() ? Integer.parseInt(matcher.group(1)) : 0;
  }
}
