package io.volant.fledge.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.volant.fledge.report.BuildFailure;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DocumentsTest {
  private static final String SUM = "sha256:" + "0123456789abcdef".repeat(4);
  private static final String ROOTFS = ",'rootfs':{'diff_ids':['" + SUM + "']}}";

  @Test
  void a_configuration_says_how_the_image_wants_to_be_run() throws BuildFailure {
    ConfigDocument document =
        config(
            "{'os':'linux','architecture':'arm','variant':'v7','config':{'Entrypoint':['/a','-b'],"
                + "'Cmd':['c'],'Env':['A=1','B=','C=x=y','D','=e'],'WorkingDir':'srv','User':'1:2',"
                + "'ExposedPorts':{'443/tcp':{},'80/tcp':{},'53/udp':{},'80':{}}}"
                + ROOTFS);
    assertThat(document.config())
        .isEqualTo(
            new ImageConfig(
                List.of("/a", "-b"),
                List.of("c"),
                Map.of("A", "1", "B", "", "C", "x=y"),
                "/srv",
                "1:2",
                List.of("53/udp", "80", "80/tcp", "443/tcp")));
    assertThat(document.platform()).isEqualTo(new Platform("linux", "arm", "v7"));
    assertThat(document.diffIds()).hasToString("[" + SUM + "]");
  }

  @Test
  void nothing_and_null_mean_nothing() throws BuildFailure {
    for (String nothing :
        List.of(
            "{'x':1",
            "{'config':null",
            "{'config':{}",
            "{'config':{'Entrypoint':null,'Cmd':null,'Env':null,'WorkingDir':'','User':'',"
                + "'ExposedPorts':null}")) {
      assertThat(config(nothing + ROOTFS).config()).isEqualTo(ImageConfig.NONE);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[]|must be a JSON object",
        "{|is not JSON",
        "{} {}|is not JSON",
        "{'a':1,'a':2}|is not JSON",
        "{}|has no \"rootfs\"",
        "{'rootfs':[]}|must be a JSON object",
        "{'rootfs':{'diff_ids':'x'}}|that is not a list",
        "{'rootfs':{'diff_ids':['../x']}}|has the digest \"../x\"",
        "{'rootfs':{},'config':{'Entrypoint':'sh'}}|\"Entrypoint\" that is not a list",
        "{'rootfs':{},'config':{'Cmd':[1]}}|\"Cmd\" that is not a text",
        "{'rootfs':{},'config':{'Env':{'A':'1'}}}|\"Env\" that is not a list",
        "{'rootfs':{},'config':{'User':7}}|\"User\" that is not a text",
        "{'rootfs':{},'config':{'Cmd':['a\\u0000b']}}|with a zero in it",
        "{'rootfs':{},'config':{'ExposedPorts':['80']}}|must be a JSON object",
        "{'rootfs':{},'config':{'ExposedPorts':{'http':{}}}}|\"http\", which is not a port",
        "{'rootfs':{},'config':{'ExposedPorts':{'70000/tcp':{}}}}|which is not a port",
      })
  void other_configurations_are_refused(String text, String why) {
    assertThatExceptionOfType(BuildFailure.class)
        .isThrownBy(() -> config(text))
        .withMessageContaining("config")
        .withMessageContaining(why);
  }

  @Test
  void deep_documents_are_refused() {
    assertThatExceptionOfType(BuildFailure.class)
        .isThrownBy(() -> config("[".repeat(100_000)))
        .withMessageContaining("is not JSON");
  }

  @Test
  void a_document_is_an_index_or_a_manifest_and_never_both() {
    refused("{'schemaVersion':1,'fsLayers':[]}", "schema version 1, which has been given up");
    refused("{'schemaVersion':2}", "must have either");
    String descriptor = "{'digest':'" + SUM + "','size':1}";
    refused("{'manifests':[],'config':" + descriptor + ",'layers':[]}", "must have either");
    refused("{'layers':[]}", "has no \"config\"");
    refused("{'config':{'digest':'" + SUM + "'}}", "has no \"size\"");
  }

  @ParameterizedTest
  @CsvSource({
    "amd64, linux/amd64, true",
    "amd64, linux/amd64/v1, true",
    "amd64, linux/amd64/v3, false",
    "amd64, windows/amd64, false",
    "arm64, linux/arm64/v8, true",
    "arm64, linux/arm64, true",
    "arm64, linux/arm/v7, false",
  })
  void a_platform_runs_what_is_made_for_it(String architecture, String other, boolean runs) {
    String[] parts = other.split("/", -1);
    Platform found = new Platform(parts[0], parts[1], parts.length > 2 ? parts[2] : null);
    assertThat(found).hasToString(other);
    assertThat(new Platform("linux", architecture, null).runs(found)).isEqualTo(runs);
  }

  private static void refused(String manifest, String why) {
    assertThatExceptionOfType(BuildFailure.class)
        .isThrownBy(() -> ImageDocument.read(json(manifest), "manifest of x"))
        .withMessageStartingWith("manifest of x")
        .withMessageContaining(why);
  }

  private static ConfigDocument config(String text) throws BuildFailure {
    return ConfigDocument.read(json(text), "config");
  }

  private static byte[] json(String text) {
    return text.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
  }
}
