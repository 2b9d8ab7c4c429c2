package io.volant.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * What may be secret in a config or a manifest: the values of the workload's environment, and what
 * the cloud-init documents say. Who may only look sees which there are, and no more.
 */
final class Secrets {

  /** What stands in place of a value. */
  static final String HIDDEN = "(hidden)";

  private static final List<String> DOCUMENTS = List.of("user_data", "meta_data", "network_config");

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
    }
    return manifest;
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
