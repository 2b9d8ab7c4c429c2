package io.volant.fledge.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.volant.fledge.report.BuildFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoginsTest {
  private static final RegistryName APP = new RegistryName("r.io", "team/app", "1", null);

  @TempDir private Path folder;

  @Test
  void the_files_of_docker_and_podman_are_found_in_their_order() throws Exception {
    Map<String, String> environment =
        Map.of(
            "REGISTRY_AUTH_FILE", folder + "/first.json",
            "XDG_RUNTIME_DIR", folder + "/run",
            "DOCKER_CONFIG", folder + "/docker",
            "HOME", folder + "/home");
    for (String file : List.of("docker/config.json", "run/containers/auth.json", "first.json")) {
      Path path = folder.resolve(file);
      Files.createDirectories(path.getParent());
      Files.writeString(path, auths("r.io", file));
      assertThat(Logins.ofHost(environment).find(APP)).isEqualTo(new Login.Password("u", file));
    }
    Path home = Files.createDirectories(folder.resolve("home/.docker"));
    Files.writeString(home.resolve("config.json"), auths("r.io", "home"));
    assertThat(Logins.ofHost(Map.of("HOME", folder + "/home")).find(APP))
        .isEqualTo(new Login.Password("u", "home"));
  }

  @Test
  void a_login_for_a_part_of_a_registry_goes_before_that_for_all() throws Exception {
    String both =
        auths("r.io", "all").replace("}}}", "},") + auths("r.io/team", "team").substring(10);
    assertThat(find(both, APP)).isEqualTo(new Login.Password("u", "team"));
    RegistryName other = new RegistryName("r.io", "other", "1", null);
    assertThat(find(both, other)).isEqualTo(new Login.Password("u", "all"));
    RegistryName stranger = new RegistryName("r.io.evil.com", "team/app", "1", null);
    assertThat(find(both, stranger)).isNull();
  }

  @Test
  void docker_hub_has_a_name_of_its_own() throws Exception {
    RegistryName hub = new RegistryName("docker.io", "library/nginx", "1", null);
    assertThat(find(auths("https://index.docker.io/v1/", "x"), hub))
        .isEqualTo(new Login.Password("u", "x"));
  }

  @Test
  void tokens_and_nothing_are_understood() throws Exception {
    assertThat(find("{\"auths\":{\"r.io\":{\"identitytoken\":\"t\"}}}", APP))
        .isEqualTo(new Login.IdentityToken("t"));
    for (String nothing : List.of("{}", "{\"auths\":{}}", "{\"auths\":{\"r.io\":{}}}")) {
      assertThat(find(nothing, APP)).isNull();
    }
  }

  @Test
  void a_broken_file_is_told_without_what_is_in_it() {
    for (String broken :
        List.of(
            "[]",
            "{",
            "{\"auths\":{\"r.io\":{\"auth\":\"?\"}}}",
            "{\"auths\":{\"r.io\":{\"auth\":\"c2VjcmV0\"}}}")) {
      assertThatExceptionOfType(BuildFailure.class)
          .isThrownBy(() -> find(broken, APP))
          .withMessageContaining("the login file ")
          .withMessageNotContaining("secret");
    }
    assertThat(new Login.Password("u", "secret")).asString().doesNotContain("secret");
    assertThat(new Login.IdentityToken("secret")).asString().doesNotContain("secret");
  }

  @Test
  void a_program_that_is_not_there_or_no_name_is_told() {
    assertThatExceptionOfType(BuildFailure.class)
        .isThrownBy(() -> find("{\"credHelpers\":{\"r.io\":\"not-there\"}}", APP))
        .withMessageStartingWith(
            "docker-credential-not-there, which the login file names for r.io");
    assertThatExceptionOfType(BuildFailure.class)
        .isThrownBy(() -> find("{\"credsStore\":\"../../bin/sh\"}", APP))
        .withMessageContaining("is not the name of a program");
  }

  private @Nullable Login find(String file, RegistryName name) throws BuildFailure, IOException {
    Path path = Files.writeString(folder.resolve("logins.json"), file);
    return new Logins(List.of(folder.resolve("none.json"), path)).find(name);
  }

  private static String auths(String key, String secret) {
    byte[] both = ("u:" + secret).getBytes(StandardCharsets.UTF_8);
    String auth = Base64.getEncoder().encodeToString(both);
    return "{\"auths\":{\"" + key + "\":{\"auth\":\"" + auth + "\"}}}";
  }
}
