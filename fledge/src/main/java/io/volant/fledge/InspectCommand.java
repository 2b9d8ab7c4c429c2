package io.volant.fledge;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.volant.fledge.inspect.ArtifactKind;
import io.volant.fledge.inspect.Inspection;
import io.volant.fledge.inspect.ListedFile;
import io.volant.fledge.inspect.ManifestText;
import io.volant.fledge.report.BuildFailure;
import io.volant.fledge.report.ExitCode;
import io.volant.fledge.report.OneLine;
import io.volant.manifest.ManifestWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code fledge inspect}. */
@Command(
    name = "inspect",
    description = "Tells what an artifact is, and lists what is in it.",
    versionProvider = Version.class,
    mixinStandardHelpOptions = true)
final class InspectCommand implements Callable<Integer> {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Parameters(paramLabel = "ARTIFACT", description = "A .cpio.gz, an .img or a .manifest.json.")
  private Path artifact = Path.of("");

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean isJson;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    PrintWriter errors = Objects.requireNonNull(spec).commandLine().getErr();
    try {
      Inspection inspection = Inspection.of(artifact);
      if (isJson) {
        printJson(inspection, out);
      } else {
        printText(inspection, out);
      }
      return ExitCode.OK.number();
    } catch (BuildFailure failure) {
      failure.lines().forEach(line -> errors.println("fledge: " + OneLine.of(line)));
      return failure.code().number();
    } finally {
      out.flush();
    }
  }

  private static void printText(Inspection inspection, PrintWriter out) throws BuildFailure {
    out.println("kind    " + inspection.kind().word());
    out.println("size    " + inspection.sizeBytes() + " bytes");
    out.println("sha256  " + inspection.sha256());
    out.println();
    if (inspection.kind() == ArtifactKind.MANIFEST) {
      out.print(
          new String(
              ManifestWriter.bytes(ManifestText.read(inspection.file())), StandardCharsets.UTF_8));
      return;
    }
    inspection.list(file -> out.println(line(file)));
  }

  private static String line(ListedFile file) {
    String owner = file.uid() + "/" + file.gid();
    String target = file.target() == null ? "" : " -> " + OneLine.of(file.target());
    return String.format(
        Locale.ROOT,
        "%s %11s %11d %s%s",
        file.modeText(),
        owner,
        file.sizeBytes(),
        OneLine.of(file.path()),
        target);
  }

  private static void printJson(Inspection inspection, PrintWriter out) throws BuildFailure {
    // Everything is read before anything is printed: half an object helps nobody.
    List<ListedFile> files = new ArrayList<>();
    inspection.list(files::add);
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
      json.writeStartObject();
      json.writeStringField("artifact", inspection.file().toString());
      json.writeStringField("kind", inspection.kind().word());
      json.writeNumberField("size_bytes", inspection.sizeBytes());
      json.writeStringField("sha256", inspection.sha256());
      if (inspection.kind() == ArtifactKind.MANIFEST) {
        json.writeFieldName("manifest");
        json.writeTree(ManifestWriter.tree(ManifestText.read(inspection.file())));
      } else {
        json.writeArrayFieldStart("files");
        for (ListedFile file : files) {
          json.writePOJO(file.fields());
        }
        json.writeEndArray();
      }
      json.writeEndObject();
      json.writeRaw('\n');
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
