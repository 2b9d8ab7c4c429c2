package io.volant.fledge.recipe;

import java.net.URI;
import java.nio.file.Path;

/** Where kestrel comes from. */
public sealed interface AgentSource {
  /** The one that was built with this fledge. */
  record Built() implements AgentSource {}

  /** A released version, such as {@code v0.2.0}. */
  record Release(String version) implements AgentSource {}

  /** A file of the user's. */
  record Local(Path file) implements AgentSource {}

  /** A download. The checksum is SHA-256, 64 lower-case hexadecimal digits. */
  record Download(URI url, String checksum) implements AgentSource {}
}
