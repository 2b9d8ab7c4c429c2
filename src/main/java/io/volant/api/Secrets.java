package io.volant.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What may be secret in a config or a manifest: the values of the workload's environment, what the
 * cloud-init documents say, and who fetches from a URL. Who may only look sees which there are, and
 * no more.
 */
final class Secrets {

  /** What stands in place of a value. */
  static final String HIDDEN = "(hidden)";

  private static final List<String> DOCUMENTS = List.of("user_data", "meta_data", "network_config");

  private static final Pattern USER = Pattern.compile("^([A-Za-z][A-Za-z0-9+.-]*://)[^/?#]*@");

  private Secrets() {}

  /**
   * A VM's config as this caller may see it.
   *
   * @param config is changed
   */
  static ObjectNode config(ObjectNode config, Principal principal) {
    if (!maySee(principal)) {
      hideValues(config.path("env"));
      hideDocuments(config.path("cloud_init"));
      hideUsers(config);
      if (config.get("manifest") instanceof ObjectNode manifest) {
        manifest(manifest, principal);
      }
    }
    return config;
  }

  /**
   * A plugin's manifest as this caller may see it.
   *
   * @param manifest is changed
   */
  static ObjectNode manifest(ObjectNode manifest, Principal principal) {
    if (!maySee(principal)) {
      hideValues(manifest.path("workload").path("env"));
      hideDocuments(manifest.path("cloud_init"));
      hideUsers(manifest);
    }
    return manifest;
  }

  /** A URL as this caller may see it: without user and password, if it has them. */
  static String url(String url, Principal principal) {
    return maySee(principal) ? url : withoutUser(url);
  }

  private static String withoutUser(String url) {
    return USER.matcher(url).replaceFirst("$1" + HIDDEN + "@");
  }

  private static void hideUsers(ObjectNode node) {
    hideUser(node, "openapi");
    hideUser(node.path("initramfs"), "url");
    hideUser(node.path("rootfs"), "url");
    node.path("disks").forEach(disk -> hideUser(disk, "source"));
  }

  private static void hideUser(JsonNode node, String field) {
    if (node instanceof ObjectNode object && object.path(field).isTextual()) {
      object.put(field, withoutUser(object.path(field).asText()));
    }
  }

  private static boolean maySee(Principal principal) {
    return principal.role().covers(Role.OPERATOR);
  }

  private static void hideValues(JsonNode env) {
    if (env instanceof ObjectNode values) {
      values.fieldNames().forEachRemaining(name -> values.put(name, HIDDEN));
    }
  }

  private static void hideDocuments(JsonNode cloudInit) {
    for (String name : DOCUMENTS) {
      if (cloudInit.get(name) instanceof ObjectNode document) {
        document.remove("content");
      }
    }
  }
}
