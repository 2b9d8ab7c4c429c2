package io.volant.manifest;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Who is the first process of a machine that boots from an initramfs. */
public enum InitMode {
  /** kestrel, our guest agent: health, logs and the proxy work through it. */
  @JsonProperty("default")
  DEFAULT,
  /** A program of the plugin's own, put at {@code /init} among the usual folders. */
  @JsonProperty("custom")
  CUSTOM,
  /** Whatever the archive has at {@code /init}; nothing else is in it. */
  @JsonProperty("none")
  NONE
}
