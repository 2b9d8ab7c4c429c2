package io.volant.fledge.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.luben.zstd.Zstd;
import io.volant.fledge.report.BuildFailure;
import io.volant.fledge.tree.FileTree;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Images in OCI layouts: which one is meant, and how its layers may be compressed. */
class LayoutImagesTest {
  private static final String INDEX = "application/vnd.oci.image.index.v1+json";
  private static final byte[] TAR = Tars.tar().file("a", "x".repeat(100_000)).bytes();

  @TempDir private Path folder;

  @Test
  void every_compression_is_known_by_its_bytes() throws Exception {
    ByteArrayOutputStream members = new ByteArrayOutputStream();
    for (int start = 0; start < TAR.length; start += 30_000) {
      int end = Math.min(TAR.length, start + 30_000);
      members.writeBytes(Tars.gzip(Arrays.copyOfRange(TAR, start, end)));
    }
    ByteArrayOutputStream frames = new ByteArrayOutputStream();
    frames.writeBytes(Zstd.compress(Arrays.copyOf(TAR, 50_000)));
    frames.writeBytes(Zstd.compress(Arrays.copyOfRange(TAR, 50_000, TAR.length)));
    int number = 0;
    for (byte[] compressed : new byte[][] {TAR, members.toByteArray(), frames.toByteArray()}) {
      number++;
      Layout layout = new Layout(folder.resolve("layout" + number));
      layout.layer(TAR, compressed).write(null);
      Path cache = folder.resolve("cache" + number);
      assertThat(names(ImageFetcher.withCache(cache), "oci:layout" + number)).containsExactly("/a");
    }
  }

  @Test
  void an_index_leads_to_the_image_for_this_machine() throws Exception {
    ObjectNode index = index();
    Layout top = new Layout(folder.resolve("layout-arm64"));
    top.index.withArray("/manifests").add(top.blob(Layout.bytes(index), INDEX));
    top.writeIndex();
    assertThat(names(on("arm64"), "oci:" + top.folder)).containsExactly("/arm64");
    Layout same = new Layout(folder.resolve("layout-amd64"));
    same.index.withArray("/manifests").add(same.blob(Layout.bytes(index), INDEX));
    same.writeIndex();
    assertThat(names(on("amd64"), "oci:" + same.folder)).containsExactly("/amd64");
    assertThatExceptionOfType(BuildFailure.class)
        .isThrownBy(() -> names(on("riscv64"), "oci:" + top.folder))
        .withMessageContaining(
            "is not there for linux/riscv64, only for linux/amd64, linux/arm64/v8");
  }

  /** Of one image a platform, each in a layout that is called after it, and an attestation. */
  private ObjectNode index() {
    ObjectNode index = Layout.JSON.createObjectNode().put("schemaVersion", 2);
    for (String architecture : new String[] {"amd64", "arm64"}) {
      Layout layout = new Layout(folder.resolve("layout-" + architecture));
      layout.config.put("architecture", architecture);
      layout.layer(Tars.tar().file(architecture, "").bytes()).write(null);
      ObjectNode entry = (ObjectNode) layout.index.at("/manifests/0").deepCopy();
      ObjectNode platform = entry.putObject("platform");
      platform.put("os", "linux").put("architecture", architecture);
      if (architecture.equals("arm64")) {
        platform.put("variant", "v8");
      }
      index.withArray("/manifests").add(entry);
      layout.index.remove("manifests");
    }
    ObjectNode attestation = ((ObjectNode) index.at("/manifests/0")).deepCopy();
    attestation.putObject("platform").put("os", "unknown").put("architecture", "unknown");
    index.withArray("/manifests").insert(0, attestation);
    return index;
  }

  @Test
  void an_image_for_another_machine_is_refused() {
    Layout layout = new Layout(folder.resolve("layout"));
    layout.config.put("architecture", "s390x");
    layout.layer(TAR).write(null);
    refused("oci:layout", "is for linux/s390x, and this machine is linux/amd64");
  }

  @Test
  void one_of_several_is_found_by_its_tag() throws Exception {
    Layout layout = new Layout(folder.resolve("layout"));
    layout.config.put("architecture", "amd64");
    layout.layer(Tars.tar().file("one", "").bytes()).write("one");
    layout.layer(Tars.tar().file("two", "").bytes()).write("two");
    assertThat(names(on("amd64"), "oci:layout:one")).containsExactly("/one");
    assertThat(names(on("amd64"), "oci:layout:two")).containsExactly("/one", "/two");
    refused("oci:layout", "has 2 images, so a tag must be given; it has the tags one, two");
    refused("oci:layout:three", "has not exactly one image with the tag three");
    refused("oci:none", "is not an OCI image layout: it has no file oci-layout");
  }

  @Test
  void what_is_no_container_image_is_refused() {
    Layout layout = new Layout(folder.resolve("layout"));
    layout.manifest.set(
        "config", layout.blob(new byte[] {'{', '}'}, "application/vnd.cncf.helm.config.v1+json"));
    ObjectNode entry = layout.blob(Layout.bytes(layout.manifest), "");
    layout.index.withArray("/manifests").add(entry);
    layout.writeIndex();
    refused(
        "oci:layout", "is not a container image: its configuration is of the type application/");
  }

  private void refused(String reference, String why) {
    assertThatExceptionOfType(BuildFailure.class)
        .isThrownBy(() -> names(on("amd64"), reference))
        .withMessageContaining(why);
  }

  private ImageFetcher on(String architecture) {
    return new ImageFetcher(
        new ImageCache(folder.resolve("cache")),
        new Logins(List.of()),
        RegistryTiming.DEFAULT,
        LayerLimits.DEFAULT,
        new Platform("linux", architecture, null),
        SavedImages.ofHost());
  }

  private Set<String> names(ImageFetcher fetcher, String reference) throws BuildFailure {
    FetchedImage image =
        fetcher.fetch(ImageReference.parse(reference, folder), new NotedProgress());
    FileTree tree = new FileTree();
    LayerApplier.apply(image, tree, LayerLimits.DEFAULT).close();
    return tree.entries().keySet();
  }
}
