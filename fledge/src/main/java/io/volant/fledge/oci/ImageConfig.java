package io.volant.fledge.oci;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How an image wants to be run: the part of the OCI image configuration that a manifest takes over.
 *
 * @param entrypoint the first words of the command line; may be empty
 * @param command the words after them, or all of them; may be empty
 * @param env variables by name
 * @param workdir an absolute folder; null: the root
 * @param user a name or number, and after a colon a group; null: root
 * @param exposedPorts as the image writes them, such as {@code 80/tcp}, sorted by number
 */
public record ImageConfig(
    List<String> entrypoint,
    List<String> command,
    Map<String, String> env,
    @Nullable String workdir,
    @Nullable String user,
    List<String> exposedPorts) {

  /** An image that says nothing. */
  public static final ImageConfig NONE =
      new ImageConfig(List.of(), List.of(), Map.of(), null, null, List.of());

  /** Copies what can change. */
  public ImageConfig {
    entrypoint = List.copyOf(entrypoint);
    command = List.copyOf(command);
    env = Collections.unmodifiableMap(new TreeMap<>(env));
    exposedPorts = List.copyOf(exposedPorts);
  }
}
