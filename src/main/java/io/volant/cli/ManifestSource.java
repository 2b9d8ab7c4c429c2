package io.volant.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Reads a plugin manifest, or a VM's configuration, and makes it independent of where it lies: the
 * daemon may have another working directory, so relative urls become absolute, and cloud-init
 * documents that are files become text.
 */
final class ManifestSource {
  private static final List<String> CLOUD_INIT_DOCUMENTS =
      List.of("user_data", "meta_data", "network_config");
  private static final int TIMEOUT_MS = 30_000;

  private ManifestSource() {}

  static boolean isUrl(String place) {
    return place.startsWith("http://") || place.startsWith("https://");
  }

  /** Whether it names a place by itself, and is no path. */
  static boolean hasScheme(String place) {
    return place.matches("^[A-Za-z][A-Za-z0-9+.-]*:.*");
  }

  static ObjectNode ofFile(Path file) throws CliFailure {
    ObjectNode manifest = JsonFile.readObject(file);
    Path absolute = file.toAbsolutePath();
    Path folder = absolute.getParent() == null ? absolute : absolute.getParent();
    complete(manifest, folder);
    // A configuration may have a manifest in it.
    if (manifest.path("manifest") instanceof ObjectNode inner) {
      complete(inner, folder);
    }
    return manifest;
  }

  private static void complete(ObjectNode manifest, Path folder) throws CliFailure {
    resolve(manifest, url -> folder.resolve(url).normalize().toString());
    for (String document : CLOUD_INIT_DOCUMENTS) {
      inline(manifest.path("cloud_init").path(document), folder);
    }
  }

  static ObjectNode ofUrl(String url) throws CliFailure {
    ObjectNode manifest = JsonFile.parseObject(fetch(url), url);
    URI base = URI.create(url);
    resolve(manifest, relative -> base.resolve(relative.replace(" ", "%20")).toString());
    for (String document : CLOUD_INIT_DOCUMENTS) {
      if (manifest.path("cloud_init").path(document).has("path")) {
        throw new CliFailure(
            ExitCode.FILE,
            url
                + ": cloud_init."
                + document
                + ".path needs a manifest that is a file; use content");
      }
    }
    return manifest;
  }

  private static void resolve(ObjectNode manifest, UnaryOperator<String> absolute) {
    replace(manifest.path("initramfs"), "url", absolute);
    replace(manifest.path("rootfs"), "url", absolute);
    replace(manifest, "openapi", absolute);
    manifest.path("disks").forEach(disk -> replace(disk, "source", absolute));
  }

  private static void replace(JsonNode node, String field, UnaryOperator<String> absolute) {
    if (node instanceof ObjectNode object && object.path(field).isTextual()) {
      String url = object.path(field).asText();
      boolean relative = !url.isEmpty() && !url.startsWith("/") && !hasScheme(url);
      if (relative) {
        object.put(field, absolute.apply(url));
      }
    }
  }

  private static void inline(JsonNode document, Path folder) throws CliFailure {
    if (document instanceof ObjectNode object && object.path("path").isTextual()) {
      byte[] content = JsonFile.read(folder.resolve(object.path("path").asText()));
      object.remove("path");
      object.put("inline", true).put("content", new String(content, StandardCharsets.UTF_8));
    }
  }

  private static byte[] fetch(String url) throws CliFailure {
    try {
      HttpURLConnection connection = (HttpURLConnection) URI.create(url).toURL().openConnection();
      connection.setConnectTimeout(TIMEOUT_MS);
      connection.setReadTimeout(TIMEOUT_MS);
      if (connection.getResponseCode() != 200) {
        throw new CliFailure(
            ExitCode.FILE, "cannot fetch " + url + ": HTTP " + connection.getResponseCode());
      }
      try (InputStream in = connection.getInputStream()) {
        return JsonFile.atMostLimit(in, url);
      }
    } catch (IOException | IllegalArgumentException failure) {
      throw new CliFailure(ExitCode.FILE, "cannot fetch " + url + ": " + failure.getMessage());
    }
  }
}
