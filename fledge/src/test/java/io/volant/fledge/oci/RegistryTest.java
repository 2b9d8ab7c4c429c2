package io.volant.fledge.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.volant.fledge.report.BuildFailure;
import io.volant.fledge.report.ExitCode;
import io.volant.fledge.tree.FileTree;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a real registry on this machine, filled by skopeo. */
class RegistryTest {
  @TempDir private Path folder;
  private final NotedProgress progress = new NotedProgress();

  @Test
  void an_image_is_fetched_once_and_then_costs_one_request() throws Exception {
    try (RegistryServer registry = new RegistryServer(folder, false)) {
      Path layout = image().write("1");
      registry.push("oci:" + layout + ":1", "team/app:1");
      ImageFetcher fetcher = ImageFetcher.withCache(folder.resolve("cache"));
      FetchedImage cold = fetcher.fetch(reference(registry, "team/app:1"), progress);
      assertThat(names(cold)).containsOnlyKeys("/b", "/c");
      assertThat(cold.config().env()).containsEntry("A", "1");
      FetchedImage warm = fetcher.fetch(reference(registry, "team/app:1"), progress);
      assertThat(warm).isEqualTo(cold);
      assertThat(progress.lines)
          .filteredOn(line -> line.contains("in the cache"))
          .hasSize(3) // configuration and two layers
          .anyMatch(
              line -> line.matches("layer 1 of 2 \\(sha256:[0-9a-f]{12}…\\) is in the cache"));
      String byDigest = "team/app@" + cold.digest();
      fetcher.fetch(reference(registry, byDigest), progress);
      registry.stop();
      FetchedImage offline = fetcher.fetch(reference(registry, byDigest), progress);
      assertThat(offline.layers()).isEqualTo(cold.layers());
    }
  }

  @Test
  void docker_manifests_and_zstd_are_understood() throws Exception {
    try (RegistryServer registry = new RegistryServer(folder, false)) {
      Path layout = image().write("1");
      registry.push("oci:" + layout + ":1", "docker:2", "--format", "v2s2");
      registry.push(
          "oci:" + layout + ":1", "zstd:1", "--dest-compress-format", "zstd", "--dest-compress");
      for (String name : List.of("docker:2", "zstd:1")) {
        ImageFetcher fetcher = ImageFetcher.withCache(folder.resolve("cache-" + name));
        assertThat(names(fetcher.fetch(reference(registry, name), progress)))
            .containsOnlyKeys("/b", "/c");
      }
    }
  }

  @Test
  void a_registry_with_passwords_wants_one() throws Exception {
    try (RegistryServer registry = new RegistryServer(folder, true)) {
      Path layout = image().write("1");
      registry.push(
          "oci:" + layout + ":1",
          "private:1",
          "--dest-creds",
          RegistryServer.USER + ":" + RegistryServer.PASSWORD);
      ImageReference reference = reference(registry, "private:1");
      assertThatExceptionOfType(BuildFailure.class)
          .isThrownBy(() -> with("none.json", "{}").fetch(reference, progress))
          .withMessageContaining(registry.address + " wants a login; log in with: docker login")
          .matches(failure -> failure.code() == ExitCode.DOWNLOAD);
      assertThatExceptionOfType(BuildFailure.class)
          .isThrownBy(() -> with("bad.json", login(registry, "wrong")).fetch(reference, progress))
          .withMessageContaining("does not accept a password in the login file")
          .withMessageNotContaining("wrong");
      assertThat(
              names(
                  with("good.json", login(registry, RegistryServer.PASSWORD))
                      .fetch(reference, progress)))
          .containsOnlyKeys("/b", "/c");
    }
  }

  @Test
  void an_image_that_is_not_there_is_told() throws Exception {
    try (RegistryServer registry = new RegistryServer(folder, false)) {
      ImageFetcher fetcher = ImageFetcher.withCache(folder.resolve("cache"));
      ImageReference reference = reference(registry, "none:1");
      assertThatExceptionOfType(BuildFailure.class)
          .isThrownBy(() -> fetcher.fetch(reference, progress))
          .withMessageContaining("is not there (status 404): manifest unknown");
    }
  }

  private Layout image() {
    Layout image = new Layout(folder.resolve("layout"));
    image.config.putObject("config").putArray("Env").add("A=1");
    image.layer(Tars.tar().file("a", "1").file("b", "2").bytes());
    image.layer(Tars.tar().file(".wh.a", "").file("c", "3").bytes());
    return image;
  }

  private ImageReference reference(RegistryServer registry, String name) throws BuildFailure {
    return ImageReference.parse("docker://" + registry.address + "/" + name, folder);
  }

  private ImageFetcher with(String file, String logins) throws Exception {
    Path path = Files.writeString(folder.resolve(file), logins);
    return ImageFetcher.ofHost(
        Map.of(
            "FLEDGE_CACHE",
            folder.resolve("cache").toString(),
            "REGISTRY_AUTH_FILE",
            path.toString(),
            "HOME",
            folder.toString()));
  }

  private static String login(RegistryServer registry, String password) {
    byte[] both = (RegistryServer.USER + ":" + password).getBytes(StandardCharsets.UTF_8);
    String auth = Base64.getEncoder().encodeToString(both);
    return "{\"auths\":{\"" + registry.address + "\":{\"auth\":\"" + auth + "\"}}}";
  }

  private static Map<String, ?> names(FetchedImage image) throws BuildFailure {
    FileTree tree = new FileTree();
    LayerApplier.apply(image, tree, LayerLimits.DEFAULT).close();
    return tree.entries();
  }
}
