package io.volant;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.File;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Where settings come from, the first that has one wins: the original's environment variables, the
 * operator's file ({@code -Dconfig.file}), engine.conf for the libraries, reference.conf.
 */
final class EngineConfig {

  private static final Map<String, String> VARIABLES =
      Map.of(
          "VOLANT_HOME", "volant.home",
          "VOLANT_RUNTIME_DIR", "volant.home",
          "VOLANT_API_LISTEN", "volant.api.listen",
          "VOLANT_API_ADVERTISE", "volant.api.advertise",
          "VOLANT_API_KEY", "volant.api.key",
          "VOLANT_BRIDGE", "volant.network.bridge",
          "VOLANT_SUBNET", "volant.network.subnet",
          "VOLANT_HOST_IP", "volant.network.host-ip",
          "VOLANT_KERNEL_BZIMAGE", "volant.kernel.default");

  private static final Map<String, String> LIST_VARIABLES =
      Map.of(
          "VOLANT_API_ALLOW_CIDR", "volant.api.allow-cidr",
          "VOLANT_CORS_ORIGINS", "volant.api.cors-origins");

  private EngineConfig() {}

  /** The configuration of this process. */
  static Config load(Map<String, String> environment) {
    String file = System.getProperty("config.file");
    Config operator =
        file == null ? ConfigFactory.empty() : ConfigFactory.parseFile(new File(file));
    return layered(environment, operator);
  }

  /** The configuration that an operator's text gives, under these environment variables. */
  static Config layered(Map<String, String> environment, Config operator) {
    return ConfigFactory.defaultOverrides()
        .withFallback(overrides(environment))
        .withFallback(operator)
        .withFallback(ConfigFactory.parseResources("engine.conf"))
        .withFallback(ConfigFactory.defaultReferenceUnresolved())
        .resolve();
  }

  private static Config overrides(Map<String, String> environment) {
    Map<String, Object> values = new HashMap<>();
    VARIABLES.forEach((variable, key) -> {
      String value = environment.get(variable);
      if (value != null
          && !(variable.equals("VOLANT_RUNTIME_DIR") && environment.containsKey("VOLANT_HOME"))) {
        values.put(key, value);
      }
    });
    LIST_VARIABLES.forEach((variable, key) -> {
      String value = environment.get(variable);
      if (value != null) {
        values.put(key, List.of(value.strip().split("\\s*,\\s*", -1)));
      }
    });
    return ConfigFactory.parseMap(values, "environment");
  }
}
