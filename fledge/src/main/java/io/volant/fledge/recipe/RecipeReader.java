package io.volant.fledge.recipe;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.volant.fledge.oci.ImageReference;
import io.volant.fledge.report.BuildFailure;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code fledge.toml}: first as TOML, then against its schema, then by the rules that a
 * schema cannot say. All mistakes are told at once, with line and column.
 */
public final class RecipeReader {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final TomlSource source;
  private final Path folder;

  private RecipeReader(TomlSource source, Path folder) {
    this.source = source;
    this.folder = folder;
  }

  /** Reads a recipe; relative paths in it are relative to its folder. */
  public static RecipeResult read(Path file) {
    Path folder = file.toAbsolutePath().normalize().getParent();
    return new RecipeReader(TomlSource.of(file), folder == null ? Path.of("/") : folder).result();
  }

  /** Reads a recipe from memory, as if it were a file with this name in this folder. */
  public static RecipeResult read(String name, byte[] document, Path folder) {
    return new RecipeReader(TomlSource.of(name, document), folder.toAbsolutePath()).result();
  }

  private RecipeResult result() {
    if (source.isWrong()) {
      return new RecipeResult.Refused(source.mistakes());
    }
    ObjectNode document = TomlJson.of(source.table());
    SchemaMistakes.find(RecipeSchema.RECIPE, source, document);
    // The further rules look at text, and say more where the rest is good already.
    List<Mapping> mappings =
        new MappingsReader(source, folder, fillsFoldersAtBoot(document)).mappings();
    checkUrl(document, "agent", "url");
    checkUrl(document, "source", "busybox_url");
    checkImage(document);
    if (source.isWrong()) {
      return new RecipeResult.Refused(source.mistakes());
    }
    try {
      return new RecipeResult.Good(
          recipe(JSON.treeToValue(document, RecipeDocument.class), mappings));
    } catch (JsonProcessingException mismatch) {
      throw new IllegalStateException("the schema lets through what the records cannot", mismatch);
    }
  }

  private static boolean fillsFoldersAtBoot(ObjectNode document) {
    return !document.path("init").path("none").asBoolean(false);
  }

  private Recipe recipe(RecipeDocument document, List<Mapping> mappings) {
    RecipeDocument.Source from =
        Objects.requireNonNullElse(document.source(), RecipeDocument.Source.EMPTY);
    ImageSource image = image(from);
    return image != null && document.strategy().equals("oci_rootfs")
        ? FilesystemReader.recipe(document, image, mappings)
        : new InitramfsRecipe(
            firstProcess(document.init(), document.agent()), busybox(from), image, mappings);
  }

  private @Nullable ImageSource image(RecipeDocument.Source from) {
    if (from.image() != null) {
      return new ImageSource.Reference(from.image(), folder);
    }
    if (from.dockerfile() == null) {
      return null;
    }
    Path file = path(from.dockerfile());
    Path beside = Objects.requireNonNullElse(file.getParent(), folder);
    Path context = from.context() == null ? beside : path(from.context());
    return new ImageSource.Dockerfile(file, context, from.target(), from.arguments());
  }

  private FirstProcess firstProcess(
      RecipeDocument.@Nullable Init init, RecipeDocument.@Nullable Agent agent) {
    if (init != null && init.path() != null) {
      return new FirstProcess.Custom(path(init.path()));
    }
    return init != null && init.none()
        ? new FirstProcess.Brought()
        : new FirstProcess.Kestrel(agent(agent));
  }

  private AgentSource agent(RecipeDocument.@Nullable Agent agent) {
    if (agent == null || agent.sourceStrategy() == null) {
      return new AgentSource.Built();
    }
    return switch (agent.sourceStrategy()) {
      case "release" -> new AgentSource.Release(required(agent.version()));
      case "local" -> new AgentSource.Local(path(required(agent.path())));
      default ->
          new AgentSource.Download(
              URI.create(required(agent.url())), Checksum.digits(required(agent.checksum())));
    };
  }

  private static BusyboxSource busybox(RecipeDocument.Source from) {
    String checksum = from.busyboxSha256();
    return from.busyboxUrl() == null
        ? new BusyboxSource.Installed()
        : new BusyboxSource.Download(
            URI.create(from.busyboxUrl()), checksum == null ? null : Checksum.digits(checksum));
  }

  private Path path(String written) {
    return required(HostPath.resolve(folder, written));
  }

  private static <T> T required(@Nullable T value) {
    return Objects.requireNonNull(value, "the schema has seen to it");
  }

  // The pattern of the schema lets through some texts that are no URI, such as with a bare %.
  private void checkUrl(ObjectNode document, String table, String key) {
    String url = document.path(table).path(key).asText();
    List<String> path = List.of(table, key);
    if (!url.isEmpty() && source.isGoodSoFar(path)) {
      try {
        URI.create(url);
      } catch (IllegalArgumentException broken) {
        source.mistake(
            path, key + " is not a well-formed URL (is a space or % not encoded?), was " + url);
      }
    }
  }

  private void checkImage(ObjectNode document) {
    String image = document.path("source").path("image").asText();
    List<String> path = List.of("source", "image");
    if (!image.isEmpty() && source.isGoodSoFar(path)) {
      try {
        ImageReference.parse(image, folder);
      } catch (BuildFailure wrong) {
        wrong.lines().forEach(line -> source.mistake(path, line));
      }
    }
  }

  /** A recipe for what a command line names, without a file. */
  public static Recipe of(
      Path dockerfile,
      Path context,
      @Nullable String target,
      Map<String, String> arguments,
      boolean asInitramfs) {
    var image = new ImageSource.Dockerfile(dockerfile, context, target, arguments);
    return asInitramfs
        ? new InitramfsRecipe(
            new FirstProcess.Kestrel(new AgentSource.Built()),
            new BusyboxSource.Installed(),
            image,
            List.of())
        : FilesystemReader.plain(image);
  }
}
