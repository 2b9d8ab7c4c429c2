package io.volant.manifest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The documents of a cloud-init seed disk.
 *
 * @param datasource {@code NoCloud}, also when absent
 * @param seedMode {@code vfat}, also when absent
 * @param userData the user-data document
 * @param metaData the meta-data document
 * @param networkConfig the network-config document
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CloudInit(
    @JsonProperty("datasource") @Nullable String datasource,
    @JsonProperty("seed_mode") @Nullable String seedMode,
    @JsonProperty("user_data") @Nullable CloudInitDocument userData,
    @JsonProperty("meta_data") @Nullable CloudInitDocument metaData,
    @JsonProperty("network_config") @Nullable CloudInitDocument networkConfig) {

  /** What to say of a document that is still a path when it reaches the daemon. */
  public static final String NOT_INLINE =
      "names a file, which the daemon does not read; volar plugins install puts its text into"
          + " content";

  /** The documents that there are, by the names of their fields. */
  public Map<String, CloudInitDocument> documents() {
    Map<String, CloudInitDocument> documents = new LinkedHashMap<>();
    put(documents, "user_data", userData);
    put(documents, "meta_data", metaData);
    put(documents, "network_config", networkConfig);
    return Frozen.map(documents);
  }

  /** A problem for each document that is a path, below the field {@code prefix}. */
  public List<ManifestProblem> notInline(String prefix) {
    return documents().entrySet().stream()
        .filter(document -> document.getValue().content() == null)
        .map(
            document -> new ManifestProblem(prefix + "." + document.getKey() + ".path", NOT_INLINE))
        .toList();
  }

  private static void put(
      Map<String, CloudInitDocument> documents, String name, @Nullable CloudInitDocument document) {
    if (document != null) {
      documents.put(name, document);
    }
  }
}
