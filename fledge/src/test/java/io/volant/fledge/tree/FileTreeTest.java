package io.volant.fledge.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.volant.fledge.report.BuildFailure;
import org.junit.jupiter.api.Test;

class FileTreeTest {
  private final FileTree tree = new FileTree();

  @Test
  void parents_are_made_and_stand_before_what_is_in_them() throws BuildFailure {
    tree.link("/a-b", "a");
    tree.file("/a/b/c", 0644, Content.of("x"));
    assertThat(tree.entries().keySet()).containsExactly("/a", "/a-b", "/a/b", "/a/b/c");
    assertThat(tree.at("/a")).isEqualTo(new TreeEntry.Folder(Attributes.ofRoot(0755)));
  }

  @Test
  void what_is_put_later_replaces_a_file_or_a_folders_mode() throws BuildFailure {
    tree.file("/a", 0644, Content.of("x"));
    tree.link("/a", "b");
    assertThat(tree.at("/a")).isEqualTo(new TreeEntry.Link(Attributes.ofRoot(0777), "b"));
    tree.folder("/d", 0755);
    tree.folder("/d", 0700);
    assertThat(tree.at("/d")).isEqualTo(new TreeEntry.Folder(Attributes.ofRoot(0700)));
  }

  @Test
  void a_folder_and_something_else_never_replace_each_other() throws BuildFailure {
    tree.file("/tool", 0755, Content.of("x"));
    tree.link("/lib64", "lib");
    tree.folder("/etc", 0755);
    assertThatExceptionOfType(BuildFailure.class)
        .isThrownBy(() -> tree.file("/tool/x", 0644, Content.of("x")))
        .withMessageContaining("/tool is not a folder there");
    assertThatExceptionOfType(BuildFailure.class)
        .isThrownBy(() -> tree.file("/etc", 0644, Content.of("x")))
        .withMessageContaining("/etc would be both a folder and something else");
    assertThatExceptionOfType(BuildFailure.class)
        .isThrownBy(() -> tree.folder("/lib64", 0755))
        .withMessageContaining("/lib64 would be both");
  }

  @Test
  void links_are_followed_inside_the_tree() throws BuildFailure {
    tree.folder("/usr/bin", 0755);
    tree.link("/bin", "usr/bin");
    tree.folder("/bin", 0755);
    tree.file("/bin/x", 0755, Content.of("x"));
    assertThat(tree.entries().keySet()).containsExactly("/bin", "/usr", "/usr/bin", "/usr/bin/x");
    assertThat(tree.follow("/bin/x")).isEqualTo(tree.at("/usr/bin/x"));
    tree.link("/a/up", "../../../../etc");
    tree.file("/a/up/passwd", 0644, Content.of("x"));
    assertThat(tree.at("/etc/passwd")).isInstanceOf(TreeEntry.File.class);
    tree.link("/abs", "/srv");
    assertThat(tree.replace("/abs/y", tree.newFile(Attributes.ofRoot(0644), Content.of("y"))))
        .isEqualTo("/srv/y");
  }

  @Test
  void links_in_a_circle_are_refused() throws BuildFailure {
    tree.link("/a", "b");
    tree.link("/b", "a");
    assertThatExceptionOfType(BuildFailure.class)
        .isThrownBy(() -> tree.file("/a/x", 0644, Content.of("x")))
        .withMessageContaining("lead in a circle");
  }

  @Test
  void a_layer_replaces_whatever_was_there() throws BuildFailure {
    tree.file("/a/b/c", 0644, Content.of("x"));
    tree.file("/a-b", 0644, Content.of("x"));
    tree.replace("/a/b", new TreeEntry.Folder(Attributes.ofRoot(0700)));
    assertThat(tree.below("/a").keySet()).containsExactly("/a/b", "/a/b/c");
    tree.replace("/a", tree.newFile(Attributes.ofRoot(0644), Content.of("y")));
    assertThat(tree.entries().keySet()).containsExactly("/a", "/a-b");
    tree.remove("/a");
    assertThat(tree.entries().keySet()).containsExactly("/a-b");
  }

  @Test
  void a_file_with_two_names_counts_once() throws BuildFailure {
    TreeEntry file = tree.newFile(Attributes.ofRoot(0644), Content.of("12345"));
    tree.replace("/a", file);
    tree.replace("/b", file);
    tree.file("/c", 0644, Content.of("67"));
    assertThat(tree.contentBytes()).isEqualTo(7);
  }

  @Test
  void a_path_that_linux_could_not_open_is_refused() {
    assertThatExceptionOfType(BuildFailure.class)
        .isThrownBy(() -> tree.folder("/" + "ü".repeat(2048), 0755))
        .withMessageContaining("too long");
  }
}
