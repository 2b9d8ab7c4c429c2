package io.volant.fledge;

import java.net.URI;
import java.nio.file.Path;

/** Where kestrel comes from. */
sealed interface AgentSource {
  /** The one that was built with this fledge. */
  record Built() implements AgentSource {}

  /** A file of the user's. */
  record Local(Path file) implements AgentSource {}

  /** A download. The checksum is SHA-256, 64 lower-case hexadecimal digits. */
  record Download(URI url, String checksum) implements AgentSource {}
}
