package io.volant.fledge;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecipeReaderTest {
  private static final String HEAD = "version = \"1\"\nstrategy = \"initramfs\"\n";
  private static final String SUM = "0123456789abcdef".repeat(4);

  @Test
  void the_smallest_recipe_uses_what_the_host_has() {
    assertThat(good(HEAD))
        .isEqualTo(new Recipe(new AgentSource.Built(), new BusyboxSource.Installed(), List.of()));
  }

  @Test
  void every_source_of_the_programs_is_read() {
    Recipe recipe =
        good(
            HEAD
                + "[agent]\n"
                + "source_strategy = \"http\"\n"
                + "url = \"https://e.org/k\"\n"
                + "checksum = \"sha256:"
                + SUM.toUpperCase(Locale.ROOT)
                + "\"\n[source]\nbusybox_url = \"file:///b\"\nbusybox_sha256 = \""
                + SUM
                + "\"\n");
    assertThat(recipe.agent())
        .isEqualTo(new AgentSource.Download(URI.create("https://e.org/k"), SUM));
    assertThat(recipe.busybox())
        .isEqualTo(new BusyboxSource.Download(URI.create("file:///b"), SUM));
    assertThat(good(HEAD + "[agent]\nsource_strategy = \"local\"\npath = \"bin/k\"\n").agent())
        .isEqualTo(new AgentSource.Local(Path.of("/recipes/bin/k")));
    assertThat(good(HEAD + "[source]\nbusybox_url = \"http://e.org/b\"\n").busybox())
        .isEqualTo(new BusyboxSource.Download(URI.create("http://e.org/b"), null));
  }

  @ParameterizedTest
  @CsvSource({
    "www, /www, /recipes/www, /www",
    "./a/b.txt, /etc//x/./b.txt, /recipes/a/b.txt, /etc/x/b.txt",
    "/abs, /, /abs, /",
    "a, /b/, /recipes/a, /b",
    "a..b, /c..d, /recipes/a..b, /c..d",
  })
  void mappings_are_resolved(String written, String to, String source, String destination) {
    String mapping = "[mappings]\n\"" + written + "\" = \"" + to + "\"\n";
    assertThat(good(HEAD + mapping).mappings())
        .containsExactly(new Mapping(written, Path.of(source), destination));
  }

  @Test
  void an_editors_comment_and_an_empty_table_change_nothing() {
    assertThat(good("# schema = \"x.json\"\n" + HEAD + "[agent]\n[source]\n[init]\n[mappings]\n"))
        .isEqualTo(good(HEAD));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[build]; x = 1 | :3:1: unknown key build; known: agent, filesystem, init, mappings,"
            + " source, strategy, version",
        "[agent]; source_strategy = 'local'; path = 'k'; speed = 1 | :6:1: unknown key speed in"
            + " [agent]",
        "[source]; speed = 1 | :4:1: unknown key speed in [source]",
        "[init]; speed = 1 | :4:1: unknown key speed in [init]; known: none, path",
        "[agent]; path = 'k' | :3:1: [agent] needs source_strategy: local or http",
        "[agent]; source_strategy = 'local' | :3:1: [agent] needs path",
        "[agent]; source_strategy = 'local'; path = 3 | :5:1: path must be a string",
        "[agent]; source_strategy = 'local'; path = 'k'; url = 'x' | :4:1: source_strategy local"
            + " takes path and nothing",
        "[agent]; source_strategy = 'http'; url = 'http://e/k' | :3:1: [agent] needs checksum",
        "[agent]; source_strategy = 'http'; url = 'http://e/k'; checksum = 'x' |"
            + " :6:1: checksum must be 64 hexadecimal digits, was x",
        "[agent]; source_strategy = 'release'; version = 'v1' | :4:1: source_strategy release is"
            + " not built yet",
        "[agent]; source_strategy = 'magic' | :4:1: source_strategy must be local, http or release,"
            + " was magic",
        "[agent]; source_strategy = true | :4:1: source_strategy must be a string",
        "agent = 'x' | :3:1: agent must be a table, written [agent]",
        "[init]; path = '/x' | :4:1: the custom mode ([init] path) is not built yet; this fledge"
            + " builds initramfs",
        "[init]; none = true | :4:1: the mode without an init of ours ([init] none) is not built"
            + " yet",
        "[init]; none = 1 | :4:1: none must be true or false",
        "[source]; image = 'alpine:3' | :4:1: a source image is not built yet",
        "[source]; dockerfile = 'Dockerfile' | :4:1: a source dockerfile is not built yet",
        "[source]; busybox_sha256 = 'x' | :4:1: busybox_sha256 needs busybox_url",
        "[source]; busybox_url = 'file:///b'; busybox_sha256 = 'x' | :5:1: busybox_sha256 must be"
            + " 64 hexadecimal digits",
        "[source]; busybox_url = 'ftp://e/b' | :4:1: busybox_url must be an http(s) URL or file://",
        "[filesystem]; type = 'ext4' | :3:1: [filesystem] belongs to strategy oci_rootfs, which is"
            + " not built yet",
        "[mappings]; 'a' = 'b' | :4:1: the destination must be an absolute path, was b",
        "[mappings]; 'a' = 3 | :4:1: a must be a string",
        "[mappings]; 'a' = '/b/../c' | :4:1: the destination /b/../c must not have .. in it",
        "[mappings]; '../a' = '/b' | :4:1: the source ../a must not have .. in it",
        "[mappings]; '' = '/b' | :4:1: the source of a mapping must be a path",
        "[mappings]; 'a' = '/b'; 'c' = '/b/' | :5:1: two mappings have the destination /b",
        "[mappings]; 'a' = '/proc/x' | :4:1: the destination /proc/x would be hidden: /proc is"
            + " filled at boot",
        "[mappings]; 'a' = '/volant' | :4:1: the destination /volant would be hidden",
        "x = = | :3:5: Unexpected '='",
        "version = '1' | :3:1: version previously defined at line 1",
      })
  void a_mistake_has_its_line_and_column(String document, String mistake) {
    List<Mistake> mistakes = refused(HEAD + document.replace("; ", "\n") + "\n");
    assertThat(mistakes).hasSize(1);
    assertThat(mistakes.getFirst().toString()).startsWith("fledge.toml" + mistake);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "strategy = 'initramfs' | fledge.toml: version = \"1\" is missing",
        "version = '2'; strategy = 'initramfs' | fledge.toml:1:1: version must be \"1\", the text",
        "version = '1' | fledge.toml: strategy is missing: \"initramfs\" or \"oci_rootfs\"",
        "version = '1'; strategy = 'x' | fledge.toml:2:1: strategy must be initramfs or oci_rootfs,"
            + " was x",
        "strategy = 'oci_rootfs'; [filesystem]; type = 'ext4' | fledge.toml:1:1: strategy"
            + " oci_rootfs is not built yet; this fledge builds initramfs recipes in the default"
            + " mode",
      })
  void the_head_is_checked(String document, String mistake) {
    assertThat(refused(document.replace("; ", "\n")))
        .extracting(Mistake::toString)
        .containsExactly(mistake);
  }

  @Test
  void several_mistakes_are_told_at_once_in_the_order_of_the_file() {
    assertThat(refused("strategy = 1\ncolour = 2\n[mappings]\n'a' = 'b'\n"))
        .extracting(Mistake::toString)
        .containsExactly(
            "fledge.toml: version = \"1\" is missing",
            "fledge.toml:1:1: strategy must be a string",
            "fledge.toml:2:1: unknown key colour; known: agent, filesystem, init, mappings, source,"
                + " strategy, version",
            "fledge.toml:4:1: the destination must be an absolute path, was b");
  }

  @ParameterizedTest
  @ValueSource(strings = {"x = [[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]", "\"", "\u0000"})
  void what_is_not_toml_is_refused(String document) {
    assertThat(refused(document)).isNotEmpty();
  }

  @Test
  void what_is_not_text_or_too_large_is_refused() {
    assertThat(refused(new byte[] {(byte) 0xff}))
        .extracting(Mistake::toString)
        .containsExactly("fledge.toml: must be UTF-8 text");
    assertThat(refused(new byte[TomlSource.BYTES_MAX + 1]))
        .extracting(Mistake::toString)
        .containsExactly("fledge.toml: must be at most 1048576 bytes");
  }

  private static Recipe good(String document) {
    return switch (read(document.getBytes(StandardCharsets.UTF_8))) {
      case RecipeResult.Good(var recipe) -> recipe;
      case RecipeResult.Refused(var mistakes) -> throw new AssertionError(mistakes.toString());
    };
  }

  private static List<Mistake> refused(String document) {
    return refused(document.getBytes(StandardCharsets.UTF_8));
  }

  private static List<Mistake> refused(byte[] document) {
    return switch (read(document)) {
      case RecipeResult.Good(var recipe) -> throw new AssertionError("good: " + recipe);
      case RecipeResult.Refused(var mistakes) -> mistakes;
    };
  }

  private static RecipeResult read(byte[] document) {
    return RecipeReader.read("fledge.toml", document, Path.of("/recipes"));
  }
}
