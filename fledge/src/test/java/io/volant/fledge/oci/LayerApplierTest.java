package io.volant.fledge.oci;

import static org.assertj.core.api.Assertions.assertThat;

import io.volant.fledge.tree.Attributes;
import io.volant.fledge.tree.FileTree;
import io.volant.fledge.tree.TreeEntry;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The changeset rules of the OCI image specification, one after the other. */
class LayerApplierTest {
  @TempDir private Path folder;

  @Test
  void files_keep_owner_mode_time_and_content() throws Exception {
    FileTree tree =
        applied(
            Tars.tar()
                .entry(
                    "bin/tool",
                    TarConstants.LF_NORMAL,
                    "content",
                    entry -> {
                      entry.setMode(04755);
                      entry.setIds(3_000_000, 2_097_152);
                      entry.setModTime(1_234_567_890_000L);
                    }));
    assertThat(tree.at("/bin")).isEqualTo(new TreeEntry.Folder(Attributes.ofRoot(0755)));
    Attributes attributes = at(tree, "/bin/tool").attributes();
    assertThat(attributes.mode()).isEqualTo(04755);
    assertThat(attributes.uid()).isEqualTo(3_000_000);
    assertThat(attributes.gid()).isEqualTo(2_097_152);
    assertThat(attributes.modifiedS()).isEqualTo(1_234_567_890);
    assertThat(text(tree, "/bin/tool")).isEqualTo("content");
  }

  @Test
  void a_time_before_1970_becomes_1970() throws Exception {
    FileTree tree =
        applied(
            Tars.tar().entry("old", TarConstants.LF_NORMAL, "", entry -> entry.setModTime(-5_000)));
    assertThat(at(tree, "/old").attributes().modifiedS()).isZero();
  }

  @Test
  void devices_pipes_and_links_stay_what_they_are() throws Exception {
    FileTree tree =
        applied(
            Tars.tar()
                .entry("dev/null", TarConstants.LF_CHR, "", entry -> numbers(entry, 1, 3))
                .entry("dev/vda", TarConstants.LF_BLK, "", entry -> numbers(entry, 254, 70_000))
                .entry("run/pipe", TarConstants.LF_FIFO, "", _ -> {})
                .link("sh", "../outside/of/it"));
    assertThat(at(tree, "/dev/null"))
        .isInstanceOfSatisfying(
            TreeEntry.Device.class,
            device -> {
              assertThat(device.kind()).isEqualTo(TreeEntry.Device.Kind.CHARACTER);
              assertThat(device.major()).isEqualTo(1);
              assertThat(device.minor()).isEqualTo(3);
            });
    assertThat(at(tree, "/dev/vda"))
        .isInstanceOfSatisfying(
            TreeEntry.Device.class,
            device -> {
              assertThat(device.kind()).isEqualTo(TreeEntry.Device.Kind.BLOCK);
              assertThat(device.minor()).isEqualTo(70_000);
            });
    assertThat(at(tree, "/run/pipe")).isInstanceOf(TreeEntry.Fifo.class);
    assertThat(at(tree, "/sh"))
        .isInstanceOfSatisfying(
            TreeEntry.Link.class, link -> assertThat(link.target()).isEqualTo("../outside/of/it"));
  }

  private static void numbers(
      org.apache.commons.compress.archivers.tar.TarArchiveEntry entry, int major, int minor) {
    entry.setDevMajor(major);
    entry.setDevMinor(minor);
  }

  @Test
  void a_hard_link_is_the_same_file() throws Exception {
    FileTree tree =
        applied(
            Tars.tar().file("a", "x").link("bin", "usr/bin").file("usr/bin/b", "y"),
            Tars.tar().hardLink("c", "a").hardLink("d", "bin/b").hardLink("e", "./a"));
    assertThat(at(tree, "/c")).isEqualTo(at(tree, "/a")).isEqualTo(at(tree, "/e"));
    assertThat(at(tree, "/d")).isEqualTo(at(tree, "/usr/bin/b"));
  }

  @Test
  void a_hard_link_to_a_symbolic_link_is_another_symbolic_link() throws Exception {
    FileTree tree = applied(Tars.tar().link("a", "/etc").hardLink("b", "a"));
    assertThat(at(tree, "/b")).isInstanceOf(TreeEntry.Link.class);
  }

  @Test
  void an_upper_layer_replaces() throws Exception {
    FileTree tree =
        applied(
            Tars.tar().file("a", "old").folder("b").file("b/in", "").link("c", "d").folder("e"),
            Tars.tar()
                .file("a", "new")
                .file("b", "file")
                .folder("c")
                .file("c/in", "")
                .file("e/in", ""));
    assertThat(text(tree, "/a")).isEqualTo("new");
    assertThat(text(tree, "/b")).isEqualTo("file");
    assertThat(tree.entries()).doesNotContainKeys("/b/in", "/d").containsKeys("/c/in", "/e/in");
  }

  @Test
  void a_folder_over_a_folder_changes_its_attributes_only() throws Exception {
    FileTree tree =
        applied(
            Tars.tar().folder("a").file("a/in", ""),
            Tars.tar().entry("a/", TarConstants.LF_DIR, "", entry -> entry.setMode(0700)));
    assertThat(at(tree, "/a").attributes().mode()).isEqualTo(0700);
    assertThat(tree.entries()).containsKey("/a/in");
  }

  @Test
  void a_path_through_a_link_stays_inside() throws Exception {
    FileTree tree =
        applied(
            Tars.tar().link("lib", "usr/lib").link("up", "../../../x").link("abs", "/y"),
            Tars.tar().file("lib/a", "").file("up/b", "").file("abs/c", ""));
    assertThat(tree.entries()).containsKeys("/usr/lib/a", "/x/b", "/y/c");
    assertThat(at(tree, "/lib")).isInstanceOf(TreeEntry.Link.class);
  }

  @Test
  void a_whiteout_hides_what_is_below() throws Exception {
    FileTree tree =
        applied(
            Tars.tar().file("a", "").folder("b").file("b/in", "").file("c", "").link("l", "b"),
            Tars.tar().file(".wh.a", "").file(".wh.b", "").file("d/.wh.none", ""));
    assertThat(tree.entries()).containsOnlyKeys("/c", "/l");
  }

  @Test
  void a_whiteout_through_a_link_hides_what_the_link_leads_to() throws Exception {
    FileTree tree =
        applied(
            Tars.tar().link("lib", "usr/lib").file("usr/lib/a", "").file("usr/lib/b", ""),
            Tars.tar().file("lib/.wh.a", ""));
    assertThat(tree.entries()).containsKeys("/usr/lib/b", "/lib").doesNotContainKey("/usr/lib/a");
  }

  @Test
  void a_whiteout_does_not_hide_its_own_layer() throws Exception {
    for (boolean first : new boolean[] {true, false}) {
      Tars upper = Tars.tar();
      if (first) {
        upper.file(".wh.a", "").file(".wh.b", "");
      }
      upper.file("a", "new").file("b/new", "");
      if (!first) {
        upper.file(".wh.a", "").file(".wh.b", "");
      }
      FileTree tree = applied(Tars.tar().file("a", "old").file("b/old", ""), upper);
      assertThat(tree.entries()).containsOnlyKeys("/a", "/b", "/b/new");
      assertThat(text(tree, "/a")).isEqualTo("new");
    }
  }

  @Test
  void an_opaque_folder_hides_lower_layers_only_wherever_its_mark_stands() throws Exception {
    for (boolean first : new boolean[] {true, false}) {
      Tars upper = Tars.tar();
      if (first) {
        upper.file("a/.wh..wh..opq", "");
      }
      upper.folder("a").file("a/new", "").file("a/both/new", "");
      if (!first) {
        upper.file("a/.wh..wh..opq", "");
      }
      FileTree tree =
          applied(
              Tars.tar()
                  .file("a/old", "")
                  .file("a/both/old", "")
                  .file("a/deep/er/old", "")
                  .file("b", ""),
              upper);
      assertThat(tree.entries()).containsOnlyKeys("/a", "/a/both", "/a/both/new", "/a/new", "/b");
    }
  }

  @Test
  void an_opaque_root_hides_everything_below() throws Exception {
    FileTree tree =
        applied(
            Tars.tar().file("a", "").file("b/c", ""),
            Tars.tar().file(".wh..wh..opq", "").file("d", ""));
    assertThat(tree.entries()).containsOnlyKeys("/d");
  }

  @Test
  void a_hidden_file_comes_back_in_a_higher_layer() throws Exception {
    FileTree tree =
        applied(Tars.tar().file("a", "1"), Tars.tar().file(".wh.a", ""), Tars.tar().file("a", "3"));
    assertThat(text(tree, "/a")).isEqualTo("3");
  }

  @Test
  void a_hard_link_outlives_the_name_it_was_made_from() throws Exception {
    FileTree tree =
        applied(Tars.tar().file("a", "x"), Tars.tar().hardLink("b", "a").file(".wh.a", ""));
    assertThat(tree.entries()).containsOnlyKeys("/b");
    assertThat(text(tree, "/b")).isEqualTo("x");
  }

  @Test
  void what_aufs_kept_for_itself_is_passed_over() throws Exception {
    FileTree tree =
        applied(
            Tars.tar()
                .folder(".wh..wh.plnk")
                .file(".wh..wh.plnk/1.2", "")
                .file(".wh..wh.aufs", ""));
    assertThat(tree.entries()).isEmpty();
  }

  @Test
  void the_root_gets_its_attributes() throws Exception {
    FileTree tree =
        applied(
            Tars.tar()
                .entry("./", TarConstants.LF_DIR, "", entry -> entry.setMode(0700))
                .file("./a", ""));
    assertThat(tree.root().mode()).isEqualTo(0700);
    assertThat(tree.entries()).containsOnlyKeys("/a");
  }

  @Test
  void a_layer_without_entries_changes_nothing() throws Exception {
    assertThat(applied(Tars.tar(), Tars.tar().file("a", "")).entries()).containsOnlyKeys("/a");
    FileTree tree = new FileTree();
    Path empty = Files.write(folder.resolve("empty.tar"), new byte[0]);
    apply(tree, List.of(empty));
    assertThat(tree.entries()).isEmpty();
  }

  private FileTree applied(Tars... layers) throws Exception {
    List<Path> files = new ArrayList<>();
    for (Tars layer : layers) {
      files.add(Files.write(Files.createTempFile(folder, "layer", ".tar"), layer.bytes()));
    }
    FileTree tree = new FileTree();
    apply(tree, files);
    return tree;
  }

  /** The contents are read after the test's assertions, so the layers stay open. */
  private static void apply(FileTree tree, List<Path> files) throws Exception {
    List<LayerFile> layers = files.stream().map(file -> new LayerFile("sha256:x", file)).toList();
    FetchedImage image = new FetchedImage("test", "sha256:y", ImageConfig.NONE, layers);
    AppliedLayers open = LayerApplier.apply(image, tree, LayerLimits.DEFAULT);
    assertThat(open).isNotNull();
  }

  private static TreeEntry at(FileTree tree, String path) {
    TreeEntry entry = tree.at(path);
    assertThat(entry).as(path).isNotNull();
    return java.util.Objects.requireNonNull(entry);
  }

  private static String text(FileTree tree, String path) throws Exception {
    if (at(tree, path) instanceof TreeEntry.File file) {
      try (InputStream content = file.content().open()) {
        return new String(content.readAllBytes(), StandardCharsets.UTF_8);
      }
    }
    throw new AssertionError(path + " is not a file");
  }
}
