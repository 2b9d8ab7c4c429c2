package io.volant.fledge.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import io.volant.fledge.filesystem.FilesystemOptions;
import io.volant.fledge.filesystem.FilesystemType;
import io.volant.manifest.OverlayKind;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecipeReaderTest {
  private static final String HEAD = "version = \"1\"\nstrategy = \"initramfs\"\n";
  private static final String ROOTFS = "version = \"1\"\nstrategy = \"oci_rootfs\"\n";
  private static final String SUM = "0123456789abcdef".repeat(4);

  @Test
  void the_smallest_recipe_uses_what_the_host_has() {
    assertThat(good(HEAD))
        .isEqualTo(
            new InitramfsRecipe(
                new FirstProcess.Kestrel(new AgentSource.Built()),
                new BusyboxSource.Installed(),
                null,
                List.of()));
  }

  @Test
  void every_source_of_the_programs_is_read() {
    InitramfsRecipe recipe =
        initramfs(
            "[agent]\n"
                + "source_strategy = \"http\"\n"
                + "url = \"https://e.org/k\"\n"
                + "checksum = \"sha256:"
                + SUM.toUpperCase(Locale.ROOT)
                + "\"\n[source]\nbusybox_url = \"file:///b\"\nbusybox_sha256 = \""
                + SUM
                + "\"\n");
    assertThat(recipe.init())
        .isEqualTo(
            new FirstProcess.Kestrel(new AgentSource.Download(URI.create("https://e.org/k"), SUM)));
    assertThat(recipe.busybox())
        .isEqualTo(new BusyboxSource.Download(URI.create("file:///b"), SUM));
    assertThat(initramfs("[agent]\nsource_strategy = \"local\"\npath = \"bin/k\"\n").init())
        .isEqualTo(new FirstProcess.Kestrel(new AgentSource.Local(Path.of("/recipes/bin/k"))));
    assertThat(initramfs("[agent]\nsource_strategy = \"release\"\nversion = \"v1.2\"\n").init())
        .isEqualTo(new FirstProcess.Kestrel(new AgentSource.Release("v1.2")));
    assertThat(initramfs("[source]\nbusybox_url = \"http://e.org/b\"\n").busybox())
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
            + " [agent]; known: checksum, path, source_strategy, url, version",
        "[source]; speed = 1 | :4:1: unknown key speed in [source]; known: build_args,"
            + " busybox_sha256, busybox_url, context, dockerfile, image, target",
        "[init]; speed = 1 | :4:1: unknown key speed in [init]; known: none, path",
        "agent = 3 | :3:1: agent must be a table, written [agent]",
        "[agent]; path = 'k' | :3:1: [agent] needs source_strategy: release, local or http",
        "[agent]; source_strategy = 'local' | :3:1: [agent] needs path",
        "[agent]; source_strategy = 'local'; path = 3 | :5:1: path must be a string",
        "[agent]; source_strategy = 'local'; path = 'k'; url = 'x' | :6:1: url belongs to"
            + " source_strategy http",
        "[agent]; source_strategy = 'http'; url = 'http://e/k' | :3:1: [agent] needs checksum",
        "[agent]; source_strategy = 'http'; url = 'http://e/k'; checksum = 'x' |"
            + " :6:1: checksum must be a SHA-256 checksum: 64 hexadecimal digits, with or without"
            + " sha256: before them, was x",
        "[agent]; source_strategy = 'release' | :3:1: [agent] needs version",
        "[agent]; source_strategy = 'release'; version = 'a/b' | :5:1: version must be a version:"
            + " 1 to 64 letters, digits",
        "[agent]; source_strategy = 'release'; version = 'v1'; path = 'k' | :6:1: path belongs to"
            + " source_strategy local",
        "[agent]; source_strategy = 'magic' | :4:1: source_strategy must be release, local or http,"
            + " was magic",
        "[init]; none = 1 | :4:1: none must be true or false",
        "[init]; path = 'x'; none = true | :5:1: none must not be true beside path: either path"
            + " becomes /init, or the mappings bring it",
        "[init]; path = 'x'; [agent]; source_strategy = 'local'; path = 'k' | :5:1: agent has no"
            + " place beside [init] path: your program is /init, and there is no kestrel",
        "[init]; none = true; [agent]; source_strategy = 'local' | :5:1: agent has no"
            + " place beside [init] none: fledge adds nothing, and there is no kestrel",
        "[init]; none = true; [source]; busybox_url = 'http://e/b' | :6:1: busybox_url has no place"
            + " beside [init] none",
        "[source]; image = 'a'; dockerfile = 'b' | :5:1: dockerfile must not stand beside image:"
            + " the image comes from one of the two",
        "[source]; image = ' a' | :4:1: image must be an image: docker://NAME:TAG, NAME:TAG,"
            + " oci:FOLDER, docker-archive:FILE or docker-daemon:NAME:TAG, was  a",
        "[source]; image = 'Docker://x' | :4:1: "
            + "\"Docker://x\" is not the reference of an image",
        "[source]; context = '.' | :4:1: context needs dockerfile",
        "[source]; build_args = {A = 'b'} | :4:1: build_args needs dockerfile",
        "[source]; dockerfile = 'D'; build_args = {A = 1} | :5:15: A must be a string",
        "[source]; dockerfile = 'D'; build_args = {'a b' = '1'} | :5:15: the name a b must be a name"
            + " of letters, digits and _, such as VERSION",
        "[source]; dockerfile = 'D'; target = 'a b' | :5:1: target must be the name or number of a"
            + " stage, was a b",
        "[source]; busybox_sha256 = 'SUM' | :4:1: busybox_sha256 needs busybox_url",
        "[source]; busybox_url = 'file:///b'; busybox_sha256 = 'x' | :5:1: busybox_sha256 must be a"
            + " SHA-256 checksum: 64 hexadecimal digits",
        "[source]; busybox_url = 'ftp://e/b' | :4:1: busybox_url must be an http(s) URL or file://"
            + " with an absolute path, was ftp://e/b",
        "[source]; busybox_url = 'http://e/%b' | :4:1: busybox_url is not a well-formed URL",
        "[filesystem]; type = 'ext4' | :3:1: filesystem belongs to strategy oci_rootfs; an"
            + " initramfs has no file system of its own",
        "[mappings]; 'a' = 'b' | :4:1: a must be an absolute path in the image, was b",
        "[mappings]; 'a' = 3 | :4:1: a must be a string",
        "[mappings]; 'a' = '/b/../c' | :4:1: the destination /b/../c must not have .. in it",
        "[mappings]; '../a' = '/b' | :4:1: the source ../a must not have .. in it",
        "[mappings]; '' = '/b' | :4:1: the name  must be a path on this machine",
        "[mappings]; 'a' = '/b'; 'c' = '/b/' | :5:1: two mappings have the destination /b",
        "[mappings]; 'a' = '/proc/x' | :4:1: the destination /proc/x would be hidden: /proc is"
            + " filled at boot",
        "[mappings]; 'a' = '/volant' | :4:1: the destination /volant would be hidden",
        "x = = | :3:5: Unexpected '='",
        "version = '1' | :3:1: version previously defined at line 1",
      })
  void a_mistake_has_its_line_and_column(String document, String mistake) {
    List<Mistake> mistakes =
        refused(HEAD + document.replace("SUM", SUM).replace("; ", "\n") + "\n");
    assertThat(mistakes).hasSize(1);
    assertThat(mistakes.getFirst().toString()).startsWith("fledge.toml" + mistake);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "strategy = 'initramfs' | fledge.toml: version is missing; write version = \"1\"",
        "version = '2'; strategy = 'initramfs' | fledge.toml:1:1: version must be 1, was 2",
        "version = '1' | fledge.toml: strategy is missing: initramfs or oci_rootfs",
        "version = '1'; strategy = 'x' | fledge.toml:2:1: strategy must be initramfs or oci_rootfs,"
            + " was x",
      })
  void the_head_is_checked(String document, String mistake) {
    assertThat(refused(document.replace("; ", "\n")))
        .extracting(Mistake::toString)
        .containsExactly(mistake);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[mappings]; 'a' = '/b' | fledge.toml: source is missing",
        "[source] | fledge.toml:3:1: [source] needs image or dockerfile",
        "[source]; image = 'a'; busybox_url = 'http://e/b' | fledge.toml:5:1: busybox_url belongs"
            + " to strategy initramfs; a root file system gets no busybox",
        "[source]; image = 'a'; [init]; none = true | fledge.toml:5:1: init belongs to strategy"
            + " initramfs; a root file system is booted by the host's kestrel",
        "[source]; image = 'a'; [filesystem]; type = 'ntfs' | fledge.toml:6:1: type must be"
            + " squashfs, erofs, ext4, xfs or btrfs, was ntfs",
        "[source]; image = 'a'; [filesystem]; compression_level = 23 | fledge.toml:6:1:"
            + " compression_level must be at most 22, was 23",
        "[source]; image = 'a'; [filesystem]; compression_level = 'x' | fledge.toml:6:1:"
            + " compression_level must be a whole number",
        "[source]; image = 'a'; [filesystem]; size_buffer_mb = -1 | fledge.toml:6:1:"
            + " size_buffer_mb must be at least 0, was -1",
        "[source]; image = 'a'; [filesystem]; preallocate = 'yes' | fledge.toml:6:1:"
            + " preallocate must be true or false",
        "[source]; image = 'a'; [filesystem]; overlay = 'tape' | fledge.toml:6:1:"
            + " overlay must be disk or memory, was tape",
        "[source]; image = 'a'; [filesystem]; overlay_size = '1 G' | fledge.toml:6:1:"
            + " overlay_size must be a size: a whole number with K, M, G or T, or of the memory in"
            + " percent, 1% to 100%, was 1 G",
        "[source]; image = 'a'; [filesystem]; overlay = 'disk'; overlay_size = '50%' |"
            + " fledge.toml:7:1: overlay_size must be a number with K, M, G or T: a disk has no"
            + " percent of the memory",
      })
  void a_recipe_for_a_root_file_system_is_checked(String document, String mistake) {
    assertThat(refused(ROOTFS + document.replace("; ", "\n") + "\n"))
        .extracting(Mistake::toString)
        .containsExactly(mistake);
  }

  @Test
  void a_root_file_system_is_squashfs_unless_the_recipe_says_otherwise() {
    assertThat(good(ROOTFS + "[source]\nimage = 'alpine:3'\n"))
        .isEqualTo(
            new RootfsRecipe(
                new ImageSource.Reference("alpine:3", Path.of("/recipes")),
                FilesystemOptions.of(FilesystemType.SQUASHFS),
                Overlay.UNSAID,
                List.of(),
                List.of()));
  }

  @Test
  void every_key_of_a_root_file_system_is_read() {
    String image = ROOTFS + "[source]\nimage = 'a'\n[filesystem]\n";
    assertThat(good(image + "compression_level = 9\noverlay = 'memory'\noverlay_size = '50%'\n"))
        .isEqualTo(
            new RootfsRecipe(
                new ImageSource.Reference("a", Path.of("/recipes")),
                new FilesystemOptions(FilesystemType.SQUASHFS, 9, 128, false),
                new Overlay(OverlayKind.MEMORY, "50%"),
                List.of(),
                List.of()));
    assertThat(good(image + "type = 'ext4'\nsize_buffer_mb = 7\npreallocate = true\n"))
        .isEqualTo(
            new RootfsRecipe(
                new ImageSource.Reference("a", Path.of("/recipes")),
                new FilesystemOptions(FilesystemType.EXT4, null, 7, true),
                Overlay.UNSAID,
                List.of(),
                List.of()));
  }

  @Test
  void what_has_no_effect_is_a_warning() {
    Recipe ext4 =
        good(
            """
            version = '1'
            strategy = 'oci_rootfs'
            [agent]
            source_strategy = 'release'
            version = 'v1'
            [source]
            image = 'a'
            [filesystem]
            type = 'ext4'
            overlay = 'disk'
            overlay_size = '1G'
            compression_level = 3
            """);
    assertThat(ext4.warnings())
        .containsExactly(
            "[agent] has no effect with strategy oci_rootfs: the host boots root file systems with"
                + " its own kestrel",
            "overlay in [filesystem] has no effect for ext4",
            "overlay_size in [filesystem] has no effect for ext4",
            "compression_level in [filesystem] has no effect for ext4");
    Recipe erofs =
        good(
            """
            version = '1'
            strategy = 'oci_rootfs'
            [source]
            image = 'a'
            [filesystem]
            type = 'erofs'
            size_buffer_mb = 1
            preallocate = true
            """);
    assertThat(erofs.warnings())
        .containsExactly(
            "size_buffer_mb in [filesystem] has no effect for erofs",
            "preallocate in [filesystem] has no effect for erofs");
  }

  @Test
  void a_dockerfile_has_its_own_folder_as_context_unless_the_recipe_says_otherwise() {
    assertThat(good(ROOTFS + "[source]\ndockerfile = 'docker/Dockerfile'\n").image())
        .isEqualTo(
            new ImageSource.Dockerfile(
                Path.of("/recipes/docker/Dockerfile"), Path.of("/recipes/docker"), null, Map.of()));
    assertThat(
            initramfs(
                    """
                    [source]
                    dockerfile = 'D'
                    context = '..'
                    target = 'run'
                    [source.build_args]
                    VERSION = '1'
                    """)
                .image())
        .isEqualTo(
            new ImageSource.Dockerfile(
                Path.of("/recipes/D"), Path.of("/"), "run", Map.of("VERSION", "1")));
  }

  @Test
  void the_first_process_is_kestrel_a_program_or_whatever_is_brought() {
    assertThat(initramfs("[init]\npath = 'my/init'\n").init())
        .isEqualTo(new FirstProcess.Custom(Path.of("/recipes/my/init")));
    assertThat(initramfs("[init]\npath = 'i'\nnone = false\n").init())
        .isEqualTo(new FirstProcess.Custom(Path.of("/recipes/i")));
    assertThat(initramfs("[init]\nnone = true\n[mappings]\n'i' = '/init'\n").init())
        .isEqualTo(new FirstProcess.Brought());
    assertThat(initramfs("[init]\nnone = false\n").init())
        .isEqualTo(new FirstProcess.Kestrel(new AgentSource.Built()));
  }

  @Test
  void who_brings_the_first_process_may_fill_every_folder() {
    assertThat(initramfs("[init]\nnone = true\n[mappings]\n'i' = '/dev/x'\n").mappings())
        .hasSize(1);
  }

  @Test
  void several_mistakes_are_told_at_once_in_the_order_of_the_file() {
    assertThat(refused("strategy = 1\ncolour = 2\n[mappings]\n'a' = 'b'\n"))
        .extracting(Mistake::toString)
        .containsExactly(
            "fledge.toml: version is missing; write version = \"1\"",
            "fledge.toml:1:1: strategy must be initramfs or oci_rootfs, was 1",
            "fledge.toml:2:1: unknown key colour; known: agent, filesystem, init, mappings, source,"
                + " strategy, version",
            "fledge.toml:4:1: a must be an absolute path in the image, was b");
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

  private static InitramfsRecipe initramfs(String document) {
    return (InitramfsRecipe) good(HEAD + document);
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
