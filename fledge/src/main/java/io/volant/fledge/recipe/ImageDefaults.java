package io.volant.fledge.recipe;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.volant.fledge.oci.ImageConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Adds to a manifest what an image says about itself and {@code manifest.toml} does not. */
final class ImageDefaults {
  private static final Pattern TCP_PORT = Pattern.compile("([1-9][0-9]{0,4})(?:/tcp)?");
  private static final int PORT_MAX = 65535;

  private ImageDefaults() {}

  static void add(ImageConfig image, ObjectNode manifest) {
    ObjectNode workload = ManifestShape.objectAt(manifest, "workload");
    addEntrypoint(image, workload);
    addEnvironment(image, workload);
    addText(workload, "workdir", image.workdir());
    addText(workload, "user", image.user());
    int port = firstTcpPort(image);
    if (port > 0) {
      addText(workload, "base_url", "http://127.0.0.1:" + port);
      ObjectNode network = ManifestShape.objectAt(manifest, "network");
      if (!network.has("expose")) {
        network.putArray("expose").addObject().put("port", port).put("protocol", "tcp");
      }
    }
  }

  private static void addEntrypoint(ImageConfig image, ObjectNode workload) {
    List<String> words = new ArrayList<>(image.entrypoint());
    if (workload.remove("args") instanceof ArrayNode arguments) {
      arguments.forEach(word -> words.add(word.asText()));
    } else {
      words.addAll(image.command());
    }
    if (!workload.has("entrypoint") && !words.isEmpty()) {
      ArrayNode entrypoint = workload.putArray("entrypoint");
      words.forEach(entrypoint::add);
    }
  }

  private static void addEnvironment(ImageConfig image, ObjectNode workload) {
    if (image.env().isEmpty()) {
      return;
    }
    ObjectNode own = ManifestShape.objectAt(workload, "env").deepCopy();
    ObjectNode all = workload.putObject("env");
    image.env().forEach(all::put);
    all.setAll(own);
  }

  private static void addText(ObjectNode object, String field, @Nullable String value) {
    if (value != null && !value.isEmpty() && !object.has(field)) {
      object.put(field, value);
    }
  }

  private static int firstTcpPort(ImageConfig image) {
    for (String exposed : image.exposedPorts()) {
      Matcher port = TCP_PORT.matcher(exposed);
      if (port.matches() && Integer.parseInt(port.group(1)) <= PORT_MAX) {
        return Integer.parseInt(port.group(1));
      }
    }
    return 0;
  }
}
